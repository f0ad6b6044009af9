using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary>A line on a terminal's standard error that counts up, with the time left once it can be told; silent in pipes and logs.</summary>
internal sealed class DataProgressLine(TimeProvider clock) : IProgress<DataProgress>, IDisposable
{
    private readonly long _began = clock.GetTimestamp();
    private string _shown = "";
    private (string? Stage, double Done, long Time) _first;

    public void Report(DataProgress value)
    {
        if (Console.IsErrorRedirected || clock.GetElapsedTime(_began) < TimeSpan.FromSeconds(1)) return;

        // What an interrupted import had done before, or another stage did, says nothing of the speed.
        if (_first.Stage != value.Stage) _first = (value.Stage, value.Done, clock.GetTimestamp());
        var counted = value is { Images: { } images, Total: { } total } ? FormattableString.Invariant($" ({images:#,##0} of {total:#,##0})") : "";
        var line = $"{value.Stage} {(int)(value.Done * 100)} %{counted}{Left(value.Done)}";
        if (line == _shown) return;
        Console.Error.Write($"\r{line.PadRight(_shown.Length)}");
        _shown = line;
    }

    private string Left(double done)
    {
        var (took, share) = (clock.GetElapsedTime(_first.Time), done - _first.Done);
        if (took < TimeSpan.FromSeconds(3) || share <= 0 || done >= 1) return "";
        var seconds = took.TotalSeconds * (1 - done) / share;
        return seconds < 90 ? FormattableString.Invariant($", {Math.Ceiling(seconds / 5) * 5:0} s left") : FormattableString.Invariant($", {seconds / 60:0} min left");
    }

    public void Dispose()
    {
        if (_shown.Length > 0) Console.Error.Write($"\r{new string(' ', _shown.Length)}\r");
    }
}
