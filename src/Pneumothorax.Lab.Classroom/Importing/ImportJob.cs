using Pneumothorax.Lab.Datasets.Importing;

namespace Pneumothorax.Lab.Classroom.Importing;

public enum ImportState
{
    Running,
    Done,
    Failed,
    Canceled,

    /// <summary>The portal or the import itself came to a sudden end.</summary>
    Interrupted,
}

/// <summary>The import that is under way, or was the last one.</summary>
public sealed record ImportJob
{
    public required ImportOrder Order { get; init; }

    public ImportState State { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset HeardAt { get; init; }

    /// <summary>What it said last.</summary>
    public ImportLine Said { get; init; } = new();

    /// <summary>Images a second in this stage; null until it can be told.</summary>
    public double? Pace { get; init; }

    /// <summary>Of this stage; null until it can be told.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Why it failed, in a line.</summary>
    public string? Message { get; init; }
}

/// <summary>How fast a stage goes. What an interrupted import had done before, and other stages, say nothing of it.</summary>
public sealed class ImportPace(TimeProvider clock)
{
    private static readonly TimeSpan s_tellsAfter = TimeSpan.FromSeconds(2);

    private (string Stage, double Done, int? Images, long Time)? _first;

    /// <returns>Images a second and seconds left, each null until it can be told.</returns>
    public (double? Pace, double? SecondsLeft) Of(ImportLine line)
    {
        if (_first is not { } first || first.Stage != line.Stage)
        {
            _first = (line.Stage, line.Done, line.Images, clock.GetTimestamp());
            return (null, null);
        }
        var took = clock.GetElapsedTime(first.Time);
        if (took < s_tellsAfter || line.Done <= first.Done) return (null, null);
        return (
            line.Images is { } images && first.Images is { } before ? (images - before) / took.TotalSeconds : null,
            took.TotalSeconds * (1 - line.Done) / (line.Done - first.Done));
    }
}
