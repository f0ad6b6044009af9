using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Phantoms;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.Dataset;

/// <summary>
/// Where no data set is registered, draws the phantom set in the background; the portal is usable meanwhile. What an ended
/// portal left unfinished is drawn anew at the next start.
/// </summary>
internal sealed class PhantomSetup(
    DatasetStore store, DatasetPreparation preparation, DrawingNotice notice, LabPaths paths, IConfiguration configuration, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<PhantomSetup> logger) : BackgroundService
{
    private const int Seed = 1;

    /// <summary>The set that the reference run was trained on.</summary>
    private const int DefaultImages = 2400;

    private static readonly TimeSpan s_betweenReports = TimeSpan.FromMilliseconds(250);

    private int _images;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _images = configuration.WholeNumber("Lab:PhantomImages", PhantomGenerator.LeastImages, PhantomGenerator.MostImages) ?? DefaultImages;
        // Before the first request, so that no page finds neither a data set nor a preparation; and before the first run starts.
        if (store.List().Count > 0)
        {
            await notice.TakeOffAsync(cancellationToken);       // of a portal that was killed
            return;
        }
        preparation.Status = new(PreparationState.Running, 0, null, null);
        await notice.PutUpAsync(DatasetPreparation.Name, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await lifetime.WhenStartedAsync(stoppingToken);
            using var hold = await HoldAsync(stoppingToken);
            if (store.Find(DatasetPreparation.Name) is null)
                await Task.Run(() => PhantomGenerator.Generate(store, DatasetPreparation.Name, _images, Seed, new Reports(preparation, clock), stoppingToken), stoppingToken);
            preparation.Status = new(PreparationState.Ready, 1, null, null);
            await LetRunsStartAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
        {
            var reason = exception.Message.ReplaceLineEndings(" ");
            logger.LogError("The phantom data set could not be drawn: {Reason}", reason);
            preparation.Status = new(PreparationState.Failed, 0, null, reason);
            // What waits for these images says in its turn that they are not there.
            await LetRunsStartAsync(stoppingToken);
        }
    }

    /// <summary>However long the database stays away.</summary>
    private async Task LetRunsStartAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await notice.TakeOffAsync(stoppingToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning("Runs waiting for the phantoms cannot start yet: {Reason}", exception.Message);
                await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(3), clock, stoppingToken));
            }
        }
    }

    /// <summary>Of several portals on one directory, one draws; the others wait until it is done, or gone.</summary>
    private async Task<FileStream> HoldAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(paths.DataDirectory, "phantom.lock");
        while (true)
        {
            try { return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) when (File.Exists(path)) { await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken); }
        }
    }

    /// <summary>Passes progress on as it comes, on the drawing thread, at most four times a second.</summary>
    private sealed class Reports(DatasetPreparation preparation, TimeProvider clock) : IProgress<double>
    {
        private readonly long _start = clock.GetTimestamp();
        private TimeSpan _last;

        public void Report(double value)
        {
            var elapsed = clock.GetElapsedTime(_start);
            if (elapsed - _last < s_betweenReports) return;

            _last = elapsed;
            preparation.Status = new(PreparationState.Running, value, value > 0 ? elapsed.TotalSeconds * (1 - value) / value : null, null);
        }
    }
}
