using Pneumothorax.Lab.Data.Evaluations;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>Puts the reference run of <c>content/models/reference</c> into the lab at its first start.</summary>
internal sealed class ReferenceSetup(
    ContentDirectory content, ReferenceRun reference, IHostApplicationLifetime lifetime, ILogger<ReferenceSetup> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var source = new RunFolder(Path.Combine(content.Path, "models", "reference"));
        if (!source.HasEvaluation) return;

        try
        {
            await lifetime.WhenStartedAsync(stoppingToken);
            using var evaluation = EvaluationFile.Read(source.EvaluationPath);
            await reference.InstallAsync(source, evaluation.Info.CheckpointStep, stoppingToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The lab works without it; what is wrong with the folder is for the instructor.
            logger.LogWarning("The reference run was not installed: {Reason}", exception.Message);
        }
    }
}
