namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>What <c>lab bench import</c> found. Speeds and ratios are medians over the rounds; of a ratio, both sides come from the same round.</summary>
internal sealed record ImportBenchResult
{
    public required string Processor { get; init; }

    public required int Cores { get; init; }

    /// <summary>Load of the machine in the minute before; null where it is not known.</summary>
    public required double? Load { get; init; }

    /// <summary>Version; null where there was none to compare with.</summary>
    public required string? Pillow { get; init; }

    /// <summary>Pixels of a picture's side.</summary>
    public required int Side { get; init; }

    /// <summary>Pictures in the folder, each with pixels of its own.</summary>
    public required int Images { get; init; }

    /// <summary>Pictures of a round.</summary>
    public required int RoundImages { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Mean size of a picture file.</summary>
    public required double BytesAnImage { get; init; }

    public required double ImportImagesPerSecond { get; init; }

    /// <summary>With as many processes as there are cores.</summary>
    public required double? PillowImagesPerSecond { get; init; }

    public required double? PillowOneProcessImagesPerSecond { get; init; }

    /// <summary>How many times as fast as Pillow on all cores.</summary>
    public required double? ImportPillowRatio { get; init; }

    /// <summary>How many times as fast as Pillow in one process.</summary>
    public required double? ImportPillowOneProcessRatio { get; init; }

    /// <summary>Of the whole folder in one import, the start of its process included.</summary>
    public required double WholeImagesPerSecond { get; init; }

    /// <summary>Most memory that the import of a round's pictures ever held, in a process of its own; null elsewhere than on Linux.</summary>
    public required double? RoundPeakMegabytes { get; init; }

    /// <summary>The same for the whole folder.</summary>
    public required double? WholePeakMegabytes { get; init; }
}
