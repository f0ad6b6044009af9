using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Importing;

/// <summary>
/// Brings images in for a page: one import at a time, as a child process with the command line's own code. The job belongs to the portal and not
/// to the page that started it, and a file of it outlives the portal.
/// </summary>
/// <remarks>Of several portals on one data directory, one imports at a time; the others read its file.</remarks>
public sealed class ImportService(
    LabExecutable executable, LabPaths paths, IncomingFolder incoming, DatasetStore store, Audit audit, TimeProvider clock, ILogger<ImportService> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan s_betweenSaves = TimeSpan.FromSeconds(1);

    /// <summary>Enough to finish the images at hand.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private ImportJob? _job;
    private ChildProcess? _child;
    private Task _watch = Task.CompletedTask;
    private bool _canceled;
    private bool _ending;

    private string JobPath => Path.Combine(paths.DataDirectory, "import.json");

    private string HoldPath => Path.Combine(paths.DataDirectory, "import.lock");

    /// <summary>The import that is under way on this data directory, else the last one; null where there was none.</summary>
    public ImportJob? Current
    {
        get
        {
            lock (_lock)
            {
                if (_child is not null) return _job;
            }
            if (Read() is not { } job) return null;
            if (job.State != ImportState.Running) return job;
            // Its portal holds it as long as it lives.
            using var hold = Hold();
            return hold is null ? job : job with { State = ImportState.Interrupted };
        }
    }

    /// <exception cref="RequestRefusedException">Another import is under way, or what is asked for is not possible; one line.</exception>
    public async Task StartAsync(ImportOrder order, Viewer by, CancellationToken cancellationToken = default)
    {
        RefuseAllButInstructors(by);
        if (store.Find(order.Name) is not null) throw new RequestRefusedException($"There is already a data set \"{order.Name}\". Choose another name.");
        // It looks through a whole folder for links.
        var arguments = await Task.Run(() => order.Arguments(incoming), cancellationToken);
        Start(order, arguments, by);
        await audit.RecordAsync(by, AuditKind.ImportStarted, $"data set {order.Name}", detail: $"{ImportText.Of(order.Kind)} from {order.Folder ?? order.Train}", cancellationToken: CancellationToken.None);
    }

    /// <summary>Starts the last import once more; it goes on where it was.</summary>
    /// <exception cref="RequestRefusedException">There is none to go on with, or as for a new one.</exception>
    public Task GoOnAsync(Viewer by, CancellationToken cancellationToken = default) =>
        Current is { State: not (ImportState.Running or ImportState.Done) } last
            ? StartAsync(last.Order, by, cancellationToken)
            : throw new RequestRefusedException("There is no import to continue.");

    /// <summary>Ends the import; what it has read is kept, so that it can go on.</summary>
    /// <exception cref="RequestRefusedException">None is under way here.</exception>
    public async Task CancelAsync(Viewer by)
    {
        RefuseAllButInstructors(by);
        ChildProcess? child;
        Task watch;
        lock (_lock) (child, watch, _canceled) = (_child, _watch, _child is not null);
        if (child is null)
            throw new RequestRefusedException(Current?.State == ImportState.Running ? "Another portal runs this import. Cancel it there." : "No import is running.");

        var name = _job!.Order.Name;
        await child.StopAsync(s_patience);
        await watch;
        await audit.RecordAsync(by, AuditKind.ImportCanceled, $"data set {name}");
    }

    /// <summary>Forgets the last import, and removes what it has read where it came to no end.</summary>
    /// <exception cref="RequestRefusedException">It is under way, or its files cannot be removed.</exception>
    public void Discard(Viewer by)
    {
        RefuseAllButInstructors(by);
        if (Current is not { } last) return;
        if (last.State == ImportState.Running) throw new RequestRefusedException("The import is running. Cancel it first.");
        try
        {
            store.DiscardImport(last.Order.Name);
            File.Delete(JobPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { throw new RequestRefusedException(exception.Message); }
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken)
    {
        try { Directory.CreateDirectory(incoming.Path); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The import folder {Folder} cannot be created: {Reason}", incoming.Path, exception.Message);
        }
        return Task.CompletedTask;
    }

    Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Ends the child; its file says "running", and whoever reads it next finds that nobody runs it.</summary>
    public void Dispose()
    {
        ChildProcess? child;
        lock (_lock) (child, _ending) = (_child, true);
        child?.Kill();
    }

    private static void RefuseAllButInstructors(Viewer by)
    {
        if (!by.IsInstructor) throw new RequestRefusedException("Only an instructor can import images.");
    }

    private void Start(ImportOrder order, IReadOnlyList<string> arguments, Viewer by)
    {
        lock (_lock)
        {
            if (_child is not null) throw new RequestRefusedException($"An import is already running: {_job!.Order.Name}. Wait until it has finished, or cancel it.") { MayPassLater = true };
            if (_ending) throw new RequestRefusedException("The portal is shutting down.") { MayPassLater = true };
            var hold = Hold() ?? throw new RequestRefusedException("Another portal on this data directory is importing. Wait until it has finished.") { MayPassLater = true };
            try
            {
                _child = ChildProcess.Start(executable, [.. arguments, "--supervised", $"--data-directory={paths.DataDirectory}"], new() { WorkingDirectory = paths.DataDirectory, HasLowPriority = true });
                _canceled = false;
                var now = clock.GetUtcNow();
                Keep(_job = new() { Order = order, StartedAt = now, HeardAt = now, Said = new() { Stage = "Starting" } });
                _watch = Task.Run(() => WatchAsync(_child, hold, by));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _child?.Dispose();
                _child = null;
                hold.Dispose();
                throw new RequestRefusedException(exception.Message);
            }
        }
    }

    private async Task WatchAsync(ChildProcess child, FileStream hold, Viewer by)
    {
        var pace = new ImportPace(clock);
        var saved = clock.GetTimestamp();
        var errors = child.Errors.ReadToEndAsync();
        while (await child.Output.ReadLineAsync() is { } text)
        {
            if (Parse(text) is not { } line) continue;
            var (speed, left) = pace.Of(line);
            var job = _job! with { Said = line.Registered is null ? line : line with { Problems = Math.Max(line.Problems, _job.Said.Problems) }, Pace = speed, SecondsLeft = left, HeardAt = clock.GetUtcNow() };
            lock (_lock) _job = job;
            if (clock.GetElapsedTime(saved) < s_betweenSaves) continue;
            saved = clock.GetTimestamp();
            TryKeep(job);
        }
        await child.WaitAsync();
        var said = await errors;
        ImportJob last;
        lock (_lock)
        {
            var (state, message) = Outcome(child.ExitCode, said);
            last = _job! with { State = state, Message = message, HeardAt = clock.GetUtcNow(), Pace = null, SecondsLeft = null };
            if (state == ImportState.Interrupted) logger.LogWarning("The import of {Name} ended unexpectedly, exit code {Code}: {Errors}", last.Order.Name, child.ExitCode, said);
            // An ending portal leaves the file as it is: whoever reads it next sees that nobody goes on.
            if (!_ending || state != ImportState.Interrupted) TryKeep(last);
            (_job, _child) = (last, null);
            child.Dispose();
            hold.Dispose();
        }
        if (last.State == ImportState.Done && store.Find(last.Order.Name) is { } set)
            await audit.RecordAsync(by, AuditKind.DataRegistered, $"data set {set.Name}", detail: $"{set.UsedSplits.Sum(split => split.Images)} images");
    }

    private (ImportState State, string? Message) Outcome(int code, string errors)
    {
        const string Refused = "lab: ";
        if (code == 0 && _job!.Said.Registered is not null) return (ImportState.Done, null);
        if (_canceled) return (ImportState.Canceled, null);
        return errors.Split('\n').LastOrDefault(line => line.StartsWith(Refused, StringComparison.Ordinal)) is { } refusal
            ? (ImportState.Failed, refusal[Refused.Length..].Trim())
            : (ImportState.Interrupted, null);
    }

    private static ImportLine? Parse(string line)
    {
        try { return JsonSerializer.Deserialize<ImportLine>(line, LabJson.Line); }
        catch (JsonException) { return null; }      // a remark of some library
    }

    /// <returns>Null while a portal imports.</returns>
    private FileStream? Hold()
    {
        try { return new(HoldPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException) when (File.Exists(HoldPath)) { return null; }
    }

    private ImportJob? Read()
    {
        try { return JsonSerializer.Deserialize<ImportJob>(File.ReadAllText(JobPath), LabJson.Line); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException) { return null; }
    }

    private void Keep(ImportJob job) => AtomicFile.WriteText(JobPath, JsonSerializer.Serialize(job, LabJson.Line));

    /// <summary>A full disk ends the import itself soon enough; that its last step is not written is the lesser harm.</summary>
    private void TryKeep(ImportJob job)
    {
        try { Keep(job); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The state of the import cannot be written: {Reason}", exception.Message);
        }
    }
}
