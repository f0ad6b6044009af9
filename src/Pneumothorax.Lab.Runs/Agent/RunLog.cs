using System.Text;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>The run's <c>log.txt</c>: what its process wrote to standard error, and its messages. Safe from several threads.</summary>
internal sealed class RunLog : IDisposable
{
    /// <summary>A process gone wild shall not fill the disk.</summary>
    public const long MostBytes = 5 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly StreamWriter _writer;
    private readonly Action<string> _onLine;
    private bool _full;

    public RunLog(RunFolder folder, Action<string> onLine)
    {
        var stream = new FileStream(folder.LogPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        _onLine = onLine;
        _full = stream.Length >= MostBytes;
    }

    public string? LastLine { get; private set; }

    /// <summary>A line said that there was no memory.</summary>
    public bool TellsOutOfMemory { get; private set; }

    public void Write(string line)
    {
        lock (_gate)
        {
            if (!string.IsNullOrWhiteSpace(line)) LastLine = line;
            TellsOutOfMemory |= MemoryAdvice.Tells(line);
            if (_full) return;

            _full = _writer.BaseStream.Length + Encoding.UTF8.GetByteCount(line) >= MostBytes;
            if (_full) line = $"The log has reached {MostBytes / (1024 * 1024)} MB; later lines are left out.";
            try
            {
                _writer.WriteLine(line);
            }
            catch (IOException)
            {
                // The disk is full. The run itself will say so; whoever reads its output must go on reading until then.
                _full = true;
            }
        }
        _onLine(line);
    }

    public void Dispose()
    {
        try { _writer.Dispose(); }
        catch (IOException) { /* the line that did not fit before does not fit now */ }
    }
}
