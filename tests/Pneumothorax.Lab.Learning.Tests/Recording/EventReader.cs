using System.Diagnostics;
using System.Text.Json;

namespace Pneumothorax.Lab.Learning.Tests.Recording;

/// <summary>One value of an event file, as <c>read_events.py</c> prints it.</summary>
internal sealed record EventValue(int Step, string Tag, double Time, double? Scalar, JsonElement[]? Image, double[]? Histogram);

/// <summary>Reads event files with Google's protobuf, TensorBoard's schema and somebody else's CRC-32C, where the host has them.</summary>
internal static class EventReader
{
    private const string Interpreter = "/usr/bin/python3";

    private static readonly Lazy<string> s_schema = new(() =>
    {
        var schema = Path.Combine(Directory.CreateTempSubdirectory("lab-events-").FullName, "event.desc");
        var proto = Path.Combine(AppContext.BaseDirectory, "Recording", "proto");
        var (code, _, errors) = Execute("protoc", "-I", proto, "--include_imports", $"--descriptor_set_out={schema}", "tensorboard/compat/proto/event.proto");
        Assert.True(code == 0, errors);
        return schema;
    });

    public static void SkipIfAbsent()
    {
        var present = File.Exists(Interpreter) && File.Exists("/usr/bin/protoc") && Execute(Interpreter, "-c", "import crc32c, google.protobuf").Code == 0;
        Assert.SkipUnless(present, "protoc, or Python's protobuf or crc32c, is absent.");
    }

    /// <returns>Values in order of the files; what a later start of the run replaces is left out.</returns>
    public static IReadOnlyList<EventValue> Read(string folder)
    {
        var (code, output, errors) = Execute(Interpreter, Path.Combine(AppContext.BaseDirectory, "Recording", "read_events.py"), folder, s_schema.Value);
        Assert.True(code == 0, errors);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<EventValue>(line, JsonSerializerOptions.Web)!)];
    }

    private static (int Code, string Output, string Errors) Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
