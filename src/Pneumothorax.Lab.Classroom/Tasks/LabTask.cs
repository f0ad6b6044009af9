using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Datasets;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>A student task, placed in a chapter by its name: <c>:::task name=count-images</c>.</summary>
/// <param name="Name">In chapters, in the database and in the class's CSV: never change it.</param>
public abstract record LabTask(string Name, string Title);

/// <summary>A task that needs nothing but the reader.</summary>
/// <param name="Put">Puts the question to one member.</param>
public sealed record FreeTask(string Name, string Title, Func<Dice, TaskSheet> Put) : LabTask(Name, Title);

/// <summary>A task about the class's data set.</summary>
public sealed record DataTask(string Name, string Title, Func<Dice, Datasets.Dataset, TaskSheet> Put) : LabTask(Name, Title);

/// <summary>A task about what the current model said on the test images.</summary>
public sealed record ModelTask(string Name, string Title, Func<Dice, GuideModel, TaskSheet> Put) : LabTask(Name, Title);

/// <summary>How tasks speak of the current model.</summary>
public static class GuideModelText
{
    /// <returns>"the reference run, test image 12".</returns>
    public static string About(this GuideModel model, int image) => FormattableString.Invariant($"{model.Name}, test image {image}");

    public static string ExplanationOf(this GuideModel model, int image) => FormattableString.Invariant($"/runs/{model.Run.Id}/explanation?index={image}");
}

/// <summary>One task as it is put to one member, about the data set and model of the moment.</summary>
public sealed record TaskSheet
{
    /// <summary>What it is about, for the record: "phantom, training images 45, 7 and 102".</summary>
    public required string About { get; init; }

    /// <summary>The question, HTML.</summary>
    public required string Ask { get; init; }

    /// <summary>What one needs to see for it.</summary>
    public IReadOnlyList<TaskPicture> Pictures { get; init; } = [];

    public required IReadOnlyList<TaskField> Fields { get; init; }

    /// <summary>Checks what was typed, field by field. Never throws: what cannot be read is a miss that says so.</summary>
    public required Func<IReadOnlyList<string>, Verdict> Check { get; init; }

    /// <summary>After the first miss; one or two sentences.</summary>
    public required string Hint { get; init; }

    /// <summary>After the third miss, and on request once it is solved: the way to the answer, HTML.</summary>
    public required string Explanation { get; init; }

    /// <summary>The answer in one line.</summary>
    public required string Answer { get; init; }
}

/// <param name="Options">Null for something to type.</param>
/// <param name="Example">Shows the notation, not the answer.</param>
/// <param name="IsCode">Typed in the code face, over the whole width.</param>
public sealed record TaskField(string Label, IReadOnlyList<TaskOption>? Options = null, string? Example = null, bool IsCode = false);

/// <param name="IsCode">Its title is code.</param>
public sealed record TaskOption(string Value, string Title, bool IsCode = false);

/// <param name="Note">In the film's lower strip.</param>
public sealed record TaskPicture(string Title, string Source, string Alt, string Note, DatasetManifest? Set = null);

/// <param name="Says">On a miss: what is not right about it, in a sentence; empty where nothing better than the hint can be said.</param>
public sealed record Verdict(bool IsCorrect, string Says = "")
{
    /// <summary>What the answer gave, where it can be shown.</summary>
    public IReadOnlyList<TaskPicture> Pictures { get; init; } = [];

    public static Verdict Right { get; } = new(true);

    public static Verdict Miss(string says) => new(false, says);
}
