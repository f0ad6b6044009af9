using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs;

/// <summary>What run folders take on the disk, in bytes by kind.</summary>
/// <param name="Checkpoints">Weights and optimizer states.</param>
/// <param name="Evaluations">Scores and maps on the test images.</param>
/// <param name="EventFiles">TensorBoard's.</param>
/// <param name="Recordings">Weights and maps recorded while training.</param>
/// <param name="Rest">Points, logs and settings.</param>
public sealed record RunBytes(long Checkpoints, long Evaluations, long EventFiles, long Recordings, long Rest)
{
    public static RunBytes None { get; } = new(0, 0, 0, 0, 0);

    public long Total => Checkpoints + Evaluations + EventFiles + Recordings + Rest;

    public static RunBytes operator +(RunBytes one, RunBytes other) => new(
        one.Checkpoints + other.Checkpoints, one.Evaluations + other.Evaluations, one.EventFiles + other.EventFiles,
        one.Recordings + other.Recordings, one.Rest + other.Rest);

    /// <summary>Looks at every file; one that vanishes meanwhile counts nothing.</summary>
    public static RunBytes Of(RunFolder folder)
    {
        var (checkpoints, evaluation, events, recordings) =
            (Size(new DirectoryInfo(folder.CheckpointsPath)), Size(new FileInfo(folder.EvaluationPath)), Size(new DirectoryInfo(folder.TensorBoardPath)), Size(new FileInfo(folder.RecordingsPath)));
        return new(checkpoints, evaluation, events, recordings, Math.Max(0, Size(new DirectoryInfo(folder.Path)) - checkpoints - evaluation - events - recordings));
    }

    internal static long Size(DirectoryInfo folder)
    {
        if (!folder.Exists) return 0;
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };
        try { return folder.EnumerateFiles("*", options).Sum(Size); }
        catch (DirectoryNotFoundException) { return 0; }
    }

    private static long Size(FileInfo file)
    {
        try { return file.Exists ? file.Length : 0; }
        catch (IOException) { return 0; }
    }
}
