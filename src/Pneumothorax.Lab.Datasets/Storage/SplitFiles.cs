namespace Pneumothorax.Lab.Datasets.Storage;

/// <summary>Names of the files in a data set's folder.</summary>
internal static class SplitFiles
{
    public const string Manifest = "dataset.json";

    public static string Pixels(string folder, SplitName split) => Path.Combine(folder, $"{split.Word()}.pixels");

    public static string Rows(string folder, SplitName split) => Path.Combine(folder, $"{split.Word()}.json");
}
