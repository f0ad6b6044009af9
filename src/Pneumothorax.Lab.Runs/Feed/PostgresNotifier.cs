using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Feed;

/// <summary>
/// Carries what happens to every portal and worker, by PostgreSQL's LISTEN and NOTIFY. A notification only wakes: what has happened is
/// read from the rows and the run folders, so that one which is lost loses nothing.
/// </summary>
internal sealed class PostgresNotifier(
    RunFeed feed, CourseworkNotifier changes, RunAgent agent, RunStore store, IDbContextFactory<LabDbContext> contexts, LabDatabase database,
    TimeProvider clock, LabTelemetry telemetry, ILogger<PostgresNotifier> logger) : BackgroundService
{
    private const string Channel = "lab";
    private const string Notify = $"SELECT pg_notify('{Channel}', payload) FROM unnest($1) AS payload";

    /// <summary>What happens within this time is told at once; pages are drawn four times a second at most.</summary>
    private static readonly TimeSpan s_gathered = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_betweenTries = TimeSpan.FromSeconds(1);

    private readonly string _self = Guid.NewGuid().ToString("N");
    private readonly Channel<Wake> _toTell = System.Threading.Channels.Channel.CreateUnbounded<Wake>(new() { SingleReader = true });
    private readonly Channel<Wake> _heard = System.Threading.Channels.Channel.CreateUnbounded<Wake>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<int, RunTail> _tails = new();

    /// <summary>When the first of the points was said that are not told yet, by run.</summary>
    private readonly ConcurrentDictionary<int, long> _said = new();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        feed.Notifier = this;
        changes.Notifier = this;
        return base.StartAsync(cancellationToken);
    }

    public void Tell(RunUpdate update)
    {
        if (update.SaidAt is { } said) _said.TryAdd(update.Run.Id, said);
        _toTell.Writer.TryWrite(new() { Run = update.Run.Id, Owner = update.Run.OwnerId, Gone = update.IsDeleted });
    }

    public void TellMember(int memberId, bool isErased) => _toTell.Writer.TryWrite(new() { From = _self, Member = memberId, Gone = isErased });

    /// <summary>Before a page reads a run's log: lines from here on will be told.</summary>
    public void Watch(int runId) => TailOf(runId);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(TellAsync(stoppingToken), ListenAsync(stoppingToken), DeliverAsync(stoppingToken));

    private async Task TellAsync(CancellationToken end)
    {
        HashSet<Wake> gathered = [];
        while (gathered.Count > 0 || await _toTell.Reader.WaitToReadAsync(end))
        {
            while (_toTell.Reader.TryRead(out var wake)) gathered.Add(wake);
            try
            {
                await using var connection = new NpgsqlConnection(database.ConnectionString);
                await connection.OpenAsync(end);
                await using var command = new NpgsqlCommand(Notify, connection)
                {
                    Parameters = { new() { Value = gathered.Select(wake => JsonSerializer.Serialize(WithWait(wake), LabJson.Line)).ToArray() } },
                };
                await command.ExecuteNonQueryAsync(end);
                gathered.Clear();
                await Task.Delay(s_gathered, clock, end);
            }
            catch (NpgsqlException exception)
            {
                logger.LogWarning("Other hosts cannot be notified yet: {Reason}", exception.Message);
                await Task.Delay(s_betweenTries, clock, end);
            }
        }
    }

    private async Task ListenAsync(CancellationToken end)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await using var connection = new NpgsqlConnection(database.ConnectionString);
                await connection.OpenAsync(end);
                connection.Notification += (_, notification) =>
                {
                    if (JsonSerializer.Deserialize<Wake>(notification.Payload, LabJson.Line) is { } wake) _heard.Writer.TryWrite(wake.Waited is null ? wake : wake with { HeardAt = clock.GetTimestamp() });
                };
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(end);
                // While nobody listened anything may have happened.
                if (!isFirst) await WakeAllAsync(end);
                while (true) await connection.WaitAsync(end);
            }
            catch (Exception exception) when (exception is NpgsqlException || LabDatabase.IsAway(exception))
            {
                logger.LogWarning("Notifications from other hosts cannot be received at the moment: {Reason}", exception.Message);
                await Task.Delay(s_betweenTries, clock, end);
            }
        }
    }

    private async Task WakeAllAsync(CancellationToken end)
    {
        await using var db = await contexts.CreateDbContextAsync(end);
        var runs = await db.Runs.Select(run => run.Id).ToListAsync(end);
        foreach (var run in runs) _heard.Writer.TryWrite(new() { Run = run });
        foreach (var member in await db.Members.Select(member => member.Id).ToListAsync(end)) _heard.Writer.TryWrite(new() { Member = member });
    }

    private async Task DeliverAsync(CancellationToken end)
    {
        while (await _heard.Reader.WaitToReadAsync(end))
        {
            HashSet<Wake> gathered = [];
            while (_heard.Reader.TryRead(out var wake)) gathered.Add(wake);
            try
            {
                foreach (var wake in gathered.Where(wake => wake.Member is not null && wake.From != _self)) changes.Deliver(wake.Member!.Value, wake.Gone);
                await DeliverRunsAsync([.. gathered.Where(wake => wake.Run is not null)], end);
            }
            catch (Exception exception) when (LabDatabase.IsAway(exception))
            {
                logger.LogWarning("New events cannot be read yet: {Reason}", exception.Message);
                foreach (var wake in gathered) _heard.Writer.TryWrite(wake);
                await Task.Delay(s_betweenTries, clock, end);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One page's fault must not end the portal.
                logger.LogError(exception, "New events could not be delivered");
            }
        }
    }

    private async Task DeliverRunsAsync(IReadOnlyList<Wake> wakes, CancellationToken end)
    {
        if (wakes.Count == 0) return;
        foreach (var wake in wakes.Where(wake => wake.Gone))
        {
            _tails.TryRemove(wake.Run!.Value, out _);
            var gone = new Run { Id = wake.Run.Value, OwnerId = wake.Owner, Name = "", Dataset = "", Network = "" };
            feed.Deliver(new(gone, [], []) { IsDeleted = true });
        }
        List<int> ids = [.. wakes.Where(wake => !wake.Gone).Select(wake => wake.Run!.Value).Distinct()];
        await using var db = await contexts.CreateDbContextAsync(end);
        foreach (var run in await db.Runs.AsNoTracking().Where(run => ids.Contains(run.Id)).OrderBy(run => run.Id).ToListAsync(end))
        {
            if (run.State == RunState.Stopping) agent.Stop(run.Id);
            // Nobody reads: the next reader starts with the whole folder.
            if (feed.IsRead(run))
            {
                feed.Deliver(TailOf(run.Id).Read(run));
                // No clock of two hosts is compared: what passed there, and what has passed here. The way between takes milliseconds.
                foreach (var wake in wakes) if (wake.Run == run.Id && wake.Waited is { } waited) telemetry.Delivered(TimeSpan.FromMilliseconds(waited) + clock.GetElapsedTime(wake.HeardAt));
            }
            else _tails.TryRemove(run.Id, out _);
        }
    }

    private Wake WithWait(Wake wake) =>
        wake.Run is { } run && _said.TryRemove(run, out var said) ? wake with { Waited = clock.GetElapsedTime(said).TotalMilliseconds } : wake;

    private RunTail TailOf(int runId) => _tails.GetOrAdd(runId, id => new(store.FolderOf(id)));

    /// <summary>A payload: what to look at. Either a run, or a member whose coursework has changed.</summary>
    private sealed record Wake
    {
        public int? Run { get; init; }

        /// <summary>For a run that is gone: who saw it.</summary>
        public int? Owner { get; init; }

        public int? Member { get; init; }

        /// <summary>Milliseconds from the trainer's line to this notification, by the telling host's clock.</summary>
        public double? Waited { get; init; }

        /// <summary>When this host heard it.</summary>
        [JsonIgnore]
        public long HeardAt { get; init; }

        /// <summary>The run was deleted, the member erased.</summary>
        public bool Gone { get; init; }

        /// <summary>The host that told, where that one knows already.</summary>
        public string? From { get; init; }
    }
}
