using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>How long one start of a run may take. At the limit it ends with a checkpoint, and can be put into the queue again.</summary>
public static class TimeLimit
{
    /// <summary>From this share of the limit on, pages warn.</summary>
    public const double WarnFrom = 0.8;

    /// <param name="run">With its owner.</param>
    /// <returns>Minutes, by the instructor's word for this run, else the limit of all students' runs; null for any number.</returns>
    public static int? Minutes(Run run, QueueLimits limits) => Minutes(run, run.Owner?.Role == MemberRole.Student, limits);

    /// <param name="isLimited">Its owner is a student.</param>
    /// <inheritdoc cref="Minutes(Run, QueueLimits)"/>
    public static int? Minutes(Run run, bool isLimited, QueueLimits limits) =>
        (run.MinutesAllowed ?? (isLimited ? limits.RunMinutes : 0)) is > 0 and var minutes ? minutes : null;
}
