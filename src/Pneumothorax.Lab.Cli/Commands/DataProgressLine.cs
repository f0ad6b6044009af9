using Pneumothorax.Lab.Data.Registration;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary>A line on a terminal's standard error that counts up, from the second second on; silent in pipes and logs.</summary>
internal sealed class DataProgressLine(TimeProvider clock) : IProgress<DataProgress>, IDisposable
{
    private readonly long _began = clock.GetTimestamp();
    private string _shown = "";

    public void Report(DataProgress value)
    {
        if (Console.IsErrorRedirected || clock.GetElapsedTime(_began) < TimeSpan.FromSeconds(1)) return;

        var line = $"{value.Stage} {(int)(value.Done * 100)} %";
        if (line == _shown) return;
        Console.Error.Write($"\r{line.PadRight(_shown.Length)}");
        _shown = line;
    }

    public void Dispose()
    {
        if (_shown.Length > 0) Console.Error.Write($"\r{new string(' ', _shown.Length)}\r");
    }
}
