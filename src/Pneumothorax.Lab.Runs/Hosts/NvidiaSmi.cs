using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>Asks NVIDIA's own tool for the state of this host's GPUs.</summary>
internal static class NvidiaSmi
{
    private const string Columns = "index,uuid,name,memory.used,memory.total,temperature.gpu,utilization.gpu,mig.mode.current";
    private const long BytesOfMiB = 1024 * 1024;

    /// <summary>A GPU that is in trouble can let it hang.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <returns>Empty where the tool is absent, does not answer, or finds no GPU.</returns>
    /// <param name="program">Where it is not on the path.</param>
    public static async Task<IReadOnlyList<GpuReading>> ReadAsync(CancellationToken cancellationToken, string program = "nvidia-smi")
    {
        var start = new ProcessStartInfo(program, [$"--query-gpu={Columns}", "--format=csv,noheader,nounits"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process? process = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            process = Process.Start(start);
            if (process is null) return [];
            _ = process.StandardError.ReadToEndAsync(patience.Token);
            var answer = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return Parse(answer);
        }
        catch (Win32Exception)
        {
            return [];      // not installed
        }
        catch (OperationCanceledException)
        {
            if (process is { HasExited: false }) process.Kill();
            return [];
        }
        finally
        {
            process?.Dispose();
        }
    }

    /// <param name="answer">Lines of comma-separated values, or a sentence such as "No devices were found".</param>
    public static IReadOnlyList<GpuReading> Parse(string answer) =>
        [.. from line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            let gpu = ParseLine(line.Split(',', StringSplitOptions.TrimEntries))
            where gpu is not null
            select gpu];

    private static GpuReading? ParseLine(string[] fields)
    {
        if (fields.Length != Columns.Split(',').Length || Number(fields[0]) is not { } index || !fields[1].StartsWith("GPU-", StringComparison.Ordinal)) return null;
        return new(
            (int)index, fields[1], fields[2], Number(fields[3]) * BytesOfMiB, Number(fields[4]) * BytesOfMiB,
            (int?)Number(fields[5]), Number(fields[6]) / 100.0, fields[7] == "Enabled");
    }

    /// <returns>Null for what the tool cannot tell: "[N/A]", "[Not Supported]", "[Unknown Error]", "[GPU requires reset]".</returns>
    private static long? Number(string field) =>
        long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
