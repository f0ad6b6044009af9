using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Telemetry;

/// <summary>What whoever operates a lab watches, under the name <see cref="Name"/>. Costs nothing while nobody listens.</summary>
public sealed class LabTelemetry
{
    /// <summary>Of the meter and of the source of traces.</summary>
    public const string Name = "Pneumothorax.Lab";

    private readonly Meter _meter;
    private readonly IDbContextFactory<LabDbContext> _contexts;
    private readonly Histogram<double> _timeToStart;
    private readonly Histogram<double> _pointLatency;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _pictures;

    public LabTelemetry(IMeterFactory meters, IDbContextFactory<LabDbContext> contexts, GpuSlots slots)
    {
        _contexts = contexts;
        _meter = meters.Create(Name, LabVersion.Text);
        _timeToStart = _meter.CreateHistogram<double>("lab.run.time_to_start", "s", "From entering the queue to the first step of a run");
        _pointLatency = _meter.CreateHistogram<double>("lab.point.latency", "s", "From a trainer's line to the pages of a host that show its run");
        _ended = _meter.CreateCounter<long>("lab.runs.ended", "{run}", "Runs that have ended, by outcome");
        _pictures = _meter.CreateCounter<long>("lab.pictures", "{picture}", "Pictures asked for: drawn, or unchanged in the browser's cache");
        _meter.CreateObservableUpDownCounter("lab.slots.used", () => slots.Used, "{slot}", "Training slots in use on this host");
        _meter.CreateObservableUpDownCounter("lab.slots", () => slots.Count, "{slot}", "Training slots on this host");
    }

    /// <summary>Runs that are not over, and the GPUs of all hosts; from the rows, so each portal that is asked says the same.</summary>
    public void CountRuns()
    {
        _meter.CreateObservableGauge("lab.runs", ReadRuns, "{run}", "Runs that have not ended, by state");
        _meter.CreateObservableGauge("lab.gpu.busy", () => ReadGpus(gpu => gpu.Busy), "1", "Share of the last moment in which a GPU computed, as nvidia-smi says");
        _meter.CreateObservableGauge("lab.gpu.memory.used", () => ReadGpus(gpu => gpu.MemoryUsed), "By", "Memory of a GPU that is taken");
    }

    public void Drawn(bool isUnchanged) => _pictures.Add(1, Tag("answer", isUnchanged ? "unchanged" : "drawn"));

    internal void Started(TimeSpan waited) => _timeToStart.Record(Math.Max(0, waited.TotalSeconds));

    internal void Delivered(TimeSpan latency) => _pointLatency.Record(latency.TotalSeconds);

    internal void Ended(RunState outcome) => _ended.Add(1, Tag("outcome", outcome.ToString()));

    private IEnumerable<Measurement<long>> ReadRuns()
    {
        try
        {
            using var db = _contexts.CreateDbContext();
            var counts = db.Runs.GroupBy(run => run.State).Select(group => new { group.Key, Count = group.LongCount() }).ToDictionary(group => group.Key, group => group.Count);
            return [.. from state in Enum.GetValues<RunState>() where !state.IsOver() select new Measurement<long>(counts.GetValueOrDefault(state), Tag("state", state.ToString()))];
        }
        catch (Exception exception) when (LabDatabase.IsAway(exception))
        {
            return [];
        }
    }

    private IEnumerable<Measurement<double>> ReadGpus(Func<GpuReading, double?> figure)
    {
        try
        {
            using var db = _contexts.CreateDbContext();
            return [.. from host in db.Hosts.AsNoTracking().Where(host => host.LeftAt == null).ToList()
                       from gpu in host.Gpus
                       let value = figure(gpu)
                       where value is not null
                       select new Measurement<double>(value.Value, Tag("host", host.Name), Tag("gpu", gpu.Index.ToString(CultureInfo.InvariantCulture)))];
        }
        catch (Exception exception) when (LabDatabase.IsAway(exception))
        {
            return [];
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
