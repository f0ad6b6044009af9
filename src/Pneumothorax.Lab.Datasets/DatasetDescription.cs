using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Datasets;

/// <summary>What people say of a data set, each a line; the images know nothing of it.</summary>
/// <param name="Licence">Null or empty: nothing is said.</param>
/// <param name="Citation">Null or empty: there is nothing to cite.</param>
public sealed record DatasetDescription(string Title, string Source, string? Licence, string? Citation)
{
    public const int MostLetters = 300;

    /// <exception cref="ArgumentException">A text is not one line, too long, or empty where one is needed.</exception>
    internal DatasetManifest Of(DatasetManifest manifest) => manifest with
    {
        Title = Line(Title, "title") ?? throw new ArgumentException("A data set needs a title."),
        Source = Line(Source, "credit") ?? throw new ArgumentException("The credit must say where the images come from."),
        Licence = Line(Licence, "licence"),
        Citation = Line(Citation, "citation"),
    };

    /// <returns>Without blanks at its ends; null where nothing is left.</returns>
    /// <exception cref="ArgumentException">It is not one line, or too long.</exception>
    public static string? Line(string? text, string what)
    {
        if (InputText.Fault(text) is { } fault) throw new ArgumentException($"The {what} {fault}");
        var trimmed = InputText.Seen(text?.Trim() ?? "");
        if (trimmed.Length == 0) return null;
        return InputText.IsLine(trimmed, MostLetters)
            ? trimmed
            : throw new ArgumentException($"The {what} must be one line of at most {MostLetters} characters.");
    }
}
