using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs;

/// <summary>Puts the reference run of <c>content/models/reference</c> into the lab at its first start.</summary>
public sealed class ReferenceSetup(
    ContentDirectory content, ReferenceRun reference, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ReferenceSetup> logger) : BackgroundService
{
    private static readonly TimeSpan s_betweenTries = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var source = new RunFolder(Path.Combine(content.Path, "models", "reference"));
        if (!source.HasEvaluation) return;

        try
        {
            await lifetime.WhenStartedAsync(stoppingToken);
            using var evaluation = EvaluationFile.Read(source.EvaluationPath);
            while (!await TryInstallAsync(source, evaluation.Info.CheckpointStep, stoppingToken)) await Task.Delay(s_betweenTries, clock, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The lab works without it; what is wrong with the folder is for the instructor.
            logger.LogWarning("The reference run was not installed: {Reason}", exception.Message);
        }
    }

    /// <returns>False when there is no room for it, or no database, at the moment; neither must end the portal.</returns>
    private async Task<bool> TryInstallAsync(RunFolder source, int? bestStep, CancellationToken cancellationToken)
    {
        try
        {
            await reference.InstallAsync(source, bestStep, cancellationToken);
            return true;
        }
        catch (Exception exception) when (Outage.Of(exception) is { } outage)
        {
            logger.LogWarning("The reference run is not installed yet: {Reason} ({Detail})", outage.Title, exception.Message);
            return false;
        }
    }
}
