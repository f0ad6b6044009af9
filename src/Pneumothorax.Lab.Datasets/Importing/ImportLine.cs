namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>What a supervised <c>lab data import</c> or <c>lab data add</c> says on its standard output: one JSON object a line.</summary>
public sealed record ImportLine
{
    /// <summary>In words, such as "Reading images".</summary>
    public string Stage { get; init; } = "";

    /// <summary>Of the stage, 0 to 1.</summary>
    public double Done { get; init; }

    /// <summary>Images that are done, of <see cref="Total"/>; null where a stage does not count them.</summary>
    public int? Images { get; init; }

    public int? Total { get; init; }

    /// <summary>Images that are left out so far, or taken with something amiss.</summary>
    public int Problems { get; init; }

    /// <summary>Name of the data set, on the last line alone: it is registered.</summary>
    public string? Registered { get; init; }

    /// <summary>On the last line: images that an earlier, interrupted import had read.</summary>
    public int Resumed { get; init; }
}
