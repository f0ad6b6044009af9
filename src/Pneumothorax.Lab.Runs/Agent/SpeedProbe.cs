using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>Measures how fast this host trains, by a few seconds of a real training in a folder that is thrown away.</summary>
public sealed class SpeedProbe(LabExecutable executable, LabPaths paths, GpuSlots slots, TimeProvider clock)
{
    /// <summary>From the first step on; starting the process comes before it and is not part of the speed.</summary>
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(4);

    /// <summary>A host on which nothing is learnt in this time is measured by its first real run.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <returns>Images a second in training, validation figures included; null where it could not be measured.</returns>
    public async Task<double?> MeasureAsync(RunSettings settings, CancellationToken cancellationToken = default)
    {
        if (slots.Count == 0) return null;      // only other hosts train

        var folder = new RunFolder(Path.Combine(Path.GetTempPath(), $"lab-speed-{Guid.NewGuid():N}"));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            folder.WriteSpec(RunSpec.Of("speed", settings with { Hyperparameters = settings.Hyperparameters with { Steps = 100_000, CheckpointEvery = 100_000 } }));
            // Leaving this block kills it: there is nothing to save.
            using var process = TrainingProcess.Start(executable, folder, paths, slots, slot: 0);
            process.IgnoreErrors();
            return await ReadAsync(process.Output, settings.Hyperparameters.BatchSize, patience.Token);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
        finally
        {
            try { if (Directory.Exists(folder.Path)) Directory.Delete(folder.Path, recursive: true); }
            catch (IOException) { }         // in the folder for temporary files, which the system sweeps
        }
    }

    private async Task<double?> ReadAsync(TextReader output, int batchSize, CancellationToken cancellationToken)
    {
        (int Done, long At)? first = null;
        while (await output.ReadLineAsync(cancellationToken) is { } line)
        {
            if (TrainingEvent.Parse(line) is not ProgressReported { Done: > 0 } progress) continue;
            first ??= (progress.Done, clock.GetTimestamp());
            var passed = clock.GetElapsedTime(first.Value.At);
            if (passed >= s_measured && progress.Done > first.Value.Done) return (progress.Done - first.Value.Done) * batchSize / passed.TotalSeconds;
        }
        return null;
    }
}
