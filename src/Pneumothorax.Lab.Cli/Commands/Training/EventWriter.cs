using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Commands.Training;

/// <summary>Tells the agent what happens: one JSON object a line on standard output, each sent at once.</summary>
internal sealed class EventWriter(Stream output)
{
    public void Write(TrainingEvent happened)
    {
        using var line = new MemoryStream();
        JsonSerializer.Serialize(line, happened, LabJson.Line);
        line.WriteByte((byte)'\n');
        output.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
        output.Flush();
    }
}
