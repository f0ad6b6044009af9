namespace Pneumothorax.Lab.Datasets;

/// <summary>Names become folders and parts of addresses, so they are short and plain.</summary>
public static class DatasetName
{
    public const int MostLetters = 40;

    public const string Rule = "1 to 40 lower-case letters, digits and hyphens";

    /// <summary>The address of the page that brings images in.</summary>
    private const string Reserved = "import";

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= MostLetters } && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <exception cref="ArgumentException">The name breaks the rule; the message states it.</exception>
    public static void Check(string? name)
    {
        if (!IsValid(name)) throw new ArgumentException($"\"{name}\" cannot be the name of a data set: use {Rule}.");
        if (name == Reserved) throw new ArgumentException($"\"{name}\" cannot be the name of a data set: the portal has a page with that name.");
    }
}
