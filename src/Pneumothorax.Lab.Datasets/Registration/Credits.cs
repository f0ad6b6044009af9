using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets.Registration;

/// <summary>Short source names to the names that credit is given under.</summary>
internal static class Credits
{
    /// <returns>A line such as "NIH ChestX-ray14 and VQA-RAD", or null where no image has a source.</returns>
    public static string? Of(IEnumerable<AttributeColumn> columns)
    {
        List<string> names = [.. columns.Where(column => column.Name == AttributeNames.Source).SelectMany(column => column.Values).Select(Full).Distinct()];
        return names switch
        {
            [] => null,
            [var only] => only,
            _ => $"{string.Join(", ", names[..^1])} and {names[^1]}",
        };
    }

    /// <returns>The licences that images have of their own, joined; null where none has one, or there are too many to say.</returns>
    public static string? LicenceOf(IEnumerable<AttributeColumn> columns)
    {
        List<string> licences = [.. columns.Where(column => column.Name == AttributeNames.Licence).SelectMany(column => column.Values).Where(licence => licence.Length > 0).Distinct().Order()];
        return licences.Count is > 0 and <= 3 && string.Join("; ", licences) is { Length: <= DatasetDescription.MostLetters } all ? all : null;
    }

    private static string Full(string source) => source.ToLowerInvariant().Replace('_', '-') switch
    {
        "nih" => "NIH ChestX-ray14",
        "vqa-rad" => "VQA-RAD",
        _ => source,
    };
}
