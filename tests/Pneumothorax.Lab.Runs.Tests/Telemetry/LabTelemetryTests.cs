using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Telemetry;

namespace Pneumothorax.Lab.Runs.Tests.Telemetry;

public abstract class LabTelemetryTests(TestLabs labs)
{
    private const string Trainer =
        """
        echo "$TRACEPARENT" > trace
        echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
        echo '{"step":1,"series":"train/loss","value":0.5}' >> metrics.jsonl
        echo '{"event":"metrics","points":[{"step":1,"series":"train/loss","value":0.5}]}'
        while [ ! -e ../../go ]; do sleep 0.1; done
        echo '{"event":"completed","step":20,"checkpointStep":20}'
        """;

    [Fact]
    public async Task OneRun_ShowsInEveryFigure_AndInOneTrace()
    {
        var measured = new ConcurrentBag<(string Name, double Value, string Tag)>();
        var traced = new ConcurrentBag<Activity>();
        await using var lab = await labs.TrainedByAsync(Trainer);
        using var listener = Listen(measured);
        using var tracer = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LabTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = traced.Add,
        };
        ActivitySource.AddActivityListener(tracer);
        lab.Get<LabTelemetry>().CountRuns();

        var student = await lab.AddStudentAsync("Mira");
        var run = await lab.LaunchAsync(student);
        using var page = lab.Feed.Subscribe(run.Id);
        await lab.LaunchAsync(student);             // his second one waits
        await lab.WaitForAsync(run.Id, RunState.Running);
        listener.RecordObservableInstruments();
        await File.WriteAllTextAsync(Path.Combine(lab.Directory, "go"), "", TestContext.Current.CancellationToken);
        await lab.WaitForAsync(run.Id, RunState.Completed);
        var trace = RunTrace.ContextOf(run).TraceId;
        // The row is written before the attempt's trace ends.
        bool IsAllThere() => measured.Any(one => one.Name == "lab.point.latency") && measured.Any(one => one.Name == "lab.runs.ended")
            && traced.Any(one => one.TraceId == trace && one.OperationName == "attempt");
        for (var tries = 0; !IsAllThere() && tries < 200; tries++) await Task.Delay(50, TestContext.Current.CancellationToken);

        Assert.Contains(("lab.runs", 1, "Running"), measured);
        Assert.Contains(("lab.runs", 1, "Queued"), measured);
        Assert.Contains(("lab.slots.used", 1, ""), measured);
        Assert.Contains(("lab.runs.ended", 1, "Completed"), measured);
        Assert.All(measured.Where(one => one.Name is "lab.run.time_to_start" or "lab.point.latency"), one => Assert.InRange(one.Value, 0, 600));
        Assert.Contains(measured, one => one.Name == "lab.run.time_to_start");
        Assert.Contains(measured, one => one.Name == "lab.point.latency");

        Assert.Superset(new HashSet<string> { "launch", "attempt" }, traced.Where(one => one.TraceId == trace).Select(one => one.OperationName).ToHashSet());
        Assert.Contains(trace.ToHexString(), await File.ReadAllTextAsync(Path.Combine(lab.Store.FolderOf(run).Path, "trace"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static MeterListener Listen(ConcurrentBag<(string Name, double Value, string Tag)> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == LabTelemetry.Name) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured.Add((instrument.Name, value, tags.Length == 0 ? "" : tags[0].Value?.ToString() ?? ""));
    }
}

public sealed class EmbeddedLabTelemetryTests() : LabTelemetryTests(TestLabs.Embedded);

public sealed class ScaledOutLabTelemetryTests(PostgresServer server) : LabTelemetryTests(new TestLabs(server));
