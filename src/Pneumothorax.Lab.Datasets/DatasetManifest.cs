using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Datasets;

/// <param name="Patients">How many patients the images come from; null where that is not known.</param>
public sealed record SplitSummary(SplitName Split, int Images, int Positives, int? Patients);

/// <summary>What is known of a registered data set without opening its pixels: <c>dataset.json</c> in its folder.</summary>
public sealed record DatasetManifest
{
    public const int CurrentFormat = 1;

    /// <summary>Side of every stored image, in pixels.</summary>
    public const int Side = 256;

    /// <summary>The <see cref="ValidationRule"/> of a validation split that came in a file; every other rule holds out images of the training file.</summary>
    public const string SeparateValidationFile = "From a separate file.";

    /// <summary>The terms of drawn images.</summary>
    public const string NoPatient = "Synthetic, no patient";

    /// <summary>Layout of the folder; a folder of another layout is not opened.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Name of the folder and in addresses; see <see cref="DatasetName"/>.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The images were drawn, not taken of people.</summary>
    public bool Synthetic { get; init; }

    /// <summary>Credit line, such as "NIH ChestX-ray14 and VQA-RAD".</summary>
    public required string Source { get; init; }

    /// <summary>On which terms the images may be used, in a sentence; null where nobody has said.</summary>
    public string? Licence { get; init; }

    /// <summary>The work to cite; null where there is none.</summary>
    public string? Citation { get; init; }

    /// <summary>
    /// SHA-256, hexadecimal, of what a run depends on: pixels, labels and the choice of validation rows. For phantoms, of the
    /// recipe that draws them.
    /// </summary>
    public required string Hash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public int ImageSize { get; init; } = Side;

    /// <summary>Train counts the whole registered file, also the rows that form the validation split.</summary>
    public required IReadOnlyList<SplitSummary> Splits { get; init; }

    /// <summary>How the validation split came to be, such as "20 % of the train images, by patient".</summary>
    public required string ValidationRule { get; init; }

    /// <summary>What a user should know, such as "Resampled from 64 x 64 to 256 x 256."</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Credit, terms and work to cite: what stands under its images, as sentences.</summary>
    public string CreditLine => string.Join(' ',
        from part in new[] { Source, Licence ?? (Synthetic ? NoPatient : null), Citation is null ? null : $"Cite {Citation}" }
        where !string.IsNullOrWhiteSpace(part)
        select part.Trim().TrimEnd('.') + ".");

    /// <summary>Images of the training file that form the validation split; 0 where validation has a file of its own, or does not exist.</summary>
    [JsonIgnore]
    public int HeldOut => ValidationRule == SeparateValidationFile ? 0 : this[SplitName.Validation]?.Images ?? 0;

    /// <summary>The splits as runs use them: no image counts twice, and "train" counts the images that a network learns from.</summary>
    [JsonIgnore]
    public IReadOnlyList<SplitSummary> UsedSplits => [.. Splits.Select(split => split.Split == SplitName.Train && HeldOut > 0 ? WithoutHeldOut(split) : split)];

    /// <returns>Null where the data set has no such split. Train is the whole file: see <see cref="UsedSplits"/> for what is learned from.</returns>
    public SplitSummary? this[SplitName split] => Splits.FirstOrDefault(summary => summary.Split == split);

    // The two share no patient: validation images are chosen by patient wherever patients are known.
    private SplitSummary WithoutHeldOut(SplitSummary train) => this[SplitName.Validation] is not { } validation ? train : train with
    {
        Images = train.Images - validation.Images,
        Positives = train.Positives - validation.Positives,
        Patients = train.Patients - validation.Patients,
    };
}
