using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Queue;

public sealed class LineStateTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 14, 2, 0, TimeSpan.Zero);
    private static readonly Viewer s_ada = new(1, "Ada", IsInstructor: false);
    private static readonly Viewer s_instructor = new(9, "Instructor", IsInstructor: true);

    [Fact]
    public void Why_RunsAreAhead_SaysHowManyAndWhen()
    {
        var line = Line([Going(10, owner: 5, secondsLeft: 30)], [Queued(11, owner: 2), Queued(12, owner: 1)]);

        Assert.Equal(new Wait(2, TimeSpan.FromSeconds(90), "1 run ahead of yours; it starts in about 2 minutes."), line.WaitOf(12, s_ada));
        Assert.Equal("It is next and starts as soon as a slot is free, in about 30 seconds.", line.WaitOf(11, s_ada)!.Why);
        Assert.Null(line.WaitOf(10, s_ada));
    }

    [Fact]
    public void Why_OwnersOtherRunGoes_SaysThatItIsWaitedFor()
    {
        var line = Line([Going(10, owner: 1, secondsLeft: 240)], [Queued(12, owner: 1)], slots: 2);

        Assert.Equal("Your other run (10) is in progress, and this one waits for it; it starts in about 4 minutes.", line.WaitOf(12, s_ada)!.Why);
        Assert.StartsWith("Another run of its owner is in progress", line.WaitOf(12, s_instructor)!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_HisOwnRunIsBefore_SaysThatItGoesFirst()
    {
        var line = Line([Going(10, owner: 5, secondsLeft: 30)], [Queued(11, owner: 1), Queued(12, owner: 1)]);

        Assert.Equal("Your run 11 comes first, and this one waits for it; it starts in about 2 minutes.", line.WaitOf(12, s_ada)!.Why);
    }

    [Fact]
    public void Why_NothingStarts_SaysWhatHoldsItUp()
    {
        var waiting = Queued(12, owner: 1);
        var paused = new QueueState();
        Set(paused, nameof(QueueState.PausedAt), s_now);
        Set(paused, nameof(QueueState.PauseReason), "The room is warm");

        var why = Line([], [waiting], queue: paused).WaitOf(12, s_ada)!;
        Assert.Equal((null, $"The queue has been paused by the instructor since {s_now.ToLocalTime():HH:mm}: The room is warm. Your run keeps its place."), (why.StartsIn, why.Why));
        Assert.StartsWith("No worker is running", Line([], [waiting], seen: s_now.AddMinutes(-1)).WaitOf(12, s_ada)!.Why, StringComparison.Ordinal);
        Assert.StartsWith("Host gpu-1 is draining", Line([], [waiting], drained: s_now).WaitOf(12, s_ada)!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_NothingIsKnownOfTheRunsAhead_NamesNoTime()
    {
        var line = Line([Going(10, owner: 5, secondsLeft: null)], [Queued(11, owner: 2), Queued(12, owner: 1)], seconds: null, limits: false);

        Assert.Equal(new Wait(2, null, "1 run ahead of yours."), line.WaitOf(12, s_ada));
    }

    [Fact]
    public void WaitOf_ARunWhoseImagesAreBeingDrawn_SaysSo_AndNoTime()
    {
        QueueState queue = new();
        Set(queue, nameof(QueueState.Drawing), "xray");
        var line = Line([], [Queued(12, owner: 1)], queue: queue);

        Assert.Equal(new Wait(1, null, "Its images are being drawn. It starts once they are ready."), line.WaitOf(12, s_ada));
        Assert.Null(line.WaitIfAdded(s_ada, "lite", new(), "xray").StartsIn);
        Assert.Equal(TimeSpan.Zero, line.WaitIfAdded(s_ada, "lite", new(), "nih").StartsIn);
    }

    [Fact]
    public void SecondsOf_ARunThatNeedsMoreThanItMayTake_EndsAtItsLimit()
    {
        var run = Going(10, owner: 5, secondsLeft: 90_000);
        Set(run, nameof(Run.AttemptAt), s_now.AddMinutes(-170));

        Assert.Equal(600, Line([run], []).SecondsOf(run));
    }

    [Fact]
    public void WaitIfAdded_StandsWhereItWouldStand()
    {
        var line = Line([Going(10, owner: 5, secondsLeft: 30)], [Queued(11, owner: 2), Queued(12, owner: 2)]);

        // Everybody's first run comes before anybody's second.
        Assert.Equal((2, 90.0), line.WaitIfAdded(s_ada, "lite", new()) is var wait ? (wait.Place, wait.StartsIn!.Value.TotalSeconds) : default);
    }

    private static QueueForecast Line(
        List<Run> going, List<Run> queued, int slots = 1, QueueState? queue = null, DateTimeOffset? seen = null, DateTimeOffset? drained = null, double? seconds = 60, bool limits = true)
    {
        LabHost host = new() { Name = "gpu-1", Process = "", Kind = ThisHost.Worker, Version = "1", Slots = slots, SeenAt = seen ?? s_now, DrainedAt = drained };
        queue ??= new();
        if (!limits) Set(queue, nameof(QueueState.RunMinutes), 0);
        var shares = going.CountBy(run => run.OwnerId ?? 0).ToDictionary();
        Func<int?, Share> shareOf = owner => new(shares.GetValueOrDefault(owner ?? 0), 0);
        var waiting = queued.Select(run => new Waiting(run.Id, run.OwnerId, true, null, run.QueuedAt) { AwaitsImages = run.Dataset == queue.Drawing });
        return new(
            new(s_now, queue, FairOrder.Of(waiting, shareOf, 1), going.Concat(queued).ToDictionary(run => run.Id), [host], shareOf),
            (_, _, _) => seconds is { } known && TimeSpan.FromSeconds(known) is var time ? new(time, time, time, 1) : null);
    }

    private static Run Queued(int id, int owner) => Of(id, owner, RunState.Queued);

    private static Run Going(int id, int owner, double? secondsLeft)
    {
        var run = Of(id, owner, RunState.Running);
        Set(run, nameof(Run.SecondsLeft), secondsLeft);
        Set(run, nameof(Run.Host), "gpu-1");
        return run;
    }

    private static Run Of(int id, int owner, RunState state)
    {
        var run = new Run
        {
            Id = id,
            Name = $"Run {id}",
            Dataset = "xray",
            Network = "lite",
            OwnerId = owner,
            Owner = new() { Id = owner, Name = $"Student {owner}", TokenHash = "" },
        };
        Set(run, nameof(Run.State), state);
        Set(run, nameof(Run.QueuedAt), s_now.AddSeconds(id));
        return run;
    }

    /// <summary>Only the lab itself changes a row.</summary>
    private static void Set<T>(T row, string property, object? value) => typeof(T).GetProperty(property)!.SetValue(row, value);
}
