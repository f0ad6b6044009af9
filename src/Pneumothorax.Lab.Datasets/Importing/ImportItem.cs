using Pneumothorax.Lab.Datasets.Dicom;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>One image that is to become part of a data set.</summary>
/// <param name="Name">As the report names it.</param>
/// <param name="Path">Of the picture file.</param>
/// <param name="Attributes">What is known of it; keys as in <see cref="AttributeNames"/>.</param>
/// <param name="Box">Where the pneumothorax is, in pixels of the picture file; null where that is not known.</param>
/// <param name="Mask">Its pixels, on the image of 256 x 256, packed as <see cref="ImageMask.Pack"/> does: a few hundred bytes; null where they are not known.</param>
/// <param name="Dicom">The header of a DICOM file; null for a picture.</param>
public sealed record ImportItem(
    string Name, string Path, bool HasPneumothorax, IReadOnlyList<KeyValuePair<string, string>> Attributes, PixelBox? Box = null, byte[]? Mask = null, DicomTags? Dicom = null);

/// <summary>An image that did not become part of the data set, and why, in a few words.</summary>
public sealed record ImportProblem(string Image, string Why);

/// <summary>All that an import reads, chosen and split, before the first picture is opened.</summary>
public sealed record ImportPlan
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Credit line.</summary>
    public required string Source { get; init; }

    /// <inheritdoc cref="DatasetManifest.Licence"/>
    public string? Licence { get; init; }

    /// <inheritdoc cref="DatasetManifest.Citation"/>
    public string? Citation { get; init; }

    /// <summary>May make each item anew when it is asked for, as the test's does: a hundred thousand are never held at once.</summary>
    public required IReadOnlyList<ImportItem> Train { get; init; }

    public required IReadOnlyList<ImportItem> Test { get; init; }

    /// <summary>What is known to be wrong before a picture is opened.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];
}
