using System.Text.Json;
using Pneumothorax.Lab.Cli.Commands.Training;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary>
/// An import that a portal has started: it is told how far it is, and can end it. A portal that dies ends it too; what was read by then is kept,
/// as when a person presses Ctrl-C.
/// </summary>
internal sealed class SupervisedImport : IProgress<DataProgress>, IDisposable
{
    private static readonly TimeSpan s_betweenLines = TimeSpan.FromMilliseconds(250);

    private readonly StopSignal _stop = new();
    private readonly CancellationTokenSource _ends;
    private readonly Lock _lock = new();
    private long _last;
    private DataProgress _said;

    public SupervisedImport(CancellationToken cancellationToken)
    {
        _ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        _stop.ListenTo(Console.In);
    }

    public CancellationToken Token => _ends.Token;

    public void Report(DataProgress value)
    {
        lock (_lock)        // importers report from several threads
        {
            var clock = TimeProvider.System;
            if (value.Stage == _said.Stage && value.Done < 1 && clock.GetElapsedTime(_last) < s_betweenLines) return;

            (_last, _said) = (clock.GetTimestamp(), value);
            Write(new() { Stage = value.Stage, Done = value.Done, Images = value.Images, Total = value.Total, Problems = value.Problems });
        }
    }

    /// <returns>The exit code: all is well.</returns>
    public static int Finish(DatasetManifest manifest) => Finish(manifest, 0, 0);

    /// <inheritdoc cref="Finish(DatasetManifest)"/>
    public static int Finish(ImportResult result) => Finish(result.Manifest, result.Problems.Count, result.Resumed);

    public void Dispose()
    {
        _ends.Dispose();
        _stop.Dispose();
    }

    private static int Finish(DatasetManifest manifest, int problems, int resumed)
    {
        Write(new() { Stage = "Registered", Done = 1, Problems = problems, Registered = manifest.Name, Resumed = resumed });
        return 0;
    }

    private static void Write(ImportLine line)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(line, LabJson.Line));
        Console.Out.Flush();
    }
}
