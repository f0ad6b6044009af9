using System.Globalization;
using Pneumothorax.Lab.Classroom.Tasks;
using Pneumothorax.Lab.Datasets;

namespace Pneumothorax.Lab.Classroom.Guide;

/// <summary>A part that an author can place in a chapter: <c>:::viewer split=train index=45</c>.</summary>
/// <param name="Name">The word after the colons.</param>
/// <param name="Arguments">What may follow: for each name a check, which returns what is wrong with a value, or null.</param>
public sealed record LiveKind(string Name, IReadOnlyDictionary<string, Func<string, string?>> Arguments)
{
    /// <summary>The image viewer.</summary>
    public static LiveKind Viewer { get; } = new("viewer", new Dictionary<string, Func<string, string?>>
    {
        ["dataset"] = Any,
        ["split"] = OneOf([.. SplitNames.All.Select(split => split.Word())]),
        ["index"] = WholeNumber,
        ["label"] = OneOf("all", "has", "not"),
    });

    /// <summary>Images without and with the finding, side by side.</summary>
    public static LiveKind Wall { get; } = new("wall", new Dictionary<string, Func<string, string?>> { ["dataset"] = Any, ["count"] = WholeNumber });

    /// <summary>How many images each split has.</summary>
    public static LiveKind Splits { get; } = new("splits", new Dictionary<string, Func<string, string?>> { ["dataset"] = Any });

    /// <summary>A button that opens the launch form.</summary>
    public static LiveKind StartRun { get; } = new("start-run", new Dictionary<string, Func<string, string?>> { ["preset"] = Any, ["title"] = Any });

    /// <summary>A student task, checked at once.</summary>
    public static LiveKind Task { get; } = new("task", new Dictionary<string, Func<string, string?>>
    {
        ["name"] = OneOf([.. LabTasks.All.Select(task => task.Name)]),
    })
    { Needs = ["name"] };

    /// <summary>A question to answer in words, with views pinned to it as evidence. Its text stands between the colons.</summary>
    public static LiveKind Question { get; } = new("question", new Dictionary<string, Func<string, string?>> { ["id"] = Identifier, ["title"] = Any })
    {
        Needs = ["id", "title"],
        TakesText = true,
    };

    public static IReadOnlyList<LiveKind> All { get; } = [Viewer, Wall, Splits, StartRun, .. PictureKinds.All, Task, Question];

    /// <summary>Arguments that must be there.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The author writes Markdown between the colons.</summary>
    public bool TakesText { get; init; }

    public static string? Any(string value) => null;

    /// <summary>Goes into addresses and the database, and stays there when the title is reworded.</summary>
    private static string? Identifier(string value) =>
        value.Length <= 60 && value.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? null : "is at most 60 small letters, digits and hyphens";

    public static string? WholeNumber(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "is a whole number from 0";

    public static Func<string, string?> OneOf(params string[] words) =>
        value => words.Contains(value) ? null : $"is one of {string.Join(", ", words)}";
}
