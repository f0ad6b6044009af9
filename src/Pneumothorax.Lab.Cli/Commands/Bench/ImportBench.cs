using System.Diagnostics;
using System.Globalization;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Importing;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>Measures an import of pictures beside a loop with Pillow over the same files, in turns, then the import of a whole folder and its memory.</summary>
internal sealed class ImportBench(PythonPeer? peer, int images, int roundImages, int side, int rounds, TextWriter progress)
{
    /// <summary>Two ways of taking means may differ so much, in grey values a pixel.</summary>
    private const double Close = 1;

    /// <exception cref="InvalidDataException">Pillow comes to other pixels.</exception>
    public ImportBenchResult Run()
    {
        var folder = Directory.CreateTempSubdirectory("lab-bench-").FullName;
        try
        {
            progress.WriteLine(FormattableString.Invariant($"Writing {roundImages:#,##0} pictures to {folder}"));
            var few = Path.Combine(folder, "few");
            var paths = new SyntheticPictures(side).Write(few, roundImages);
            var listing = Path.Combine(folder, "listing");
            File.WriteAllLines(listing, paths);
            var bytes = paths.Average(path => (double)new FileInfo(path).Length);
            Import(folder, few, "warm");
            peer?.Ask(FormattableString.Invariant($"{Environment.ProcessorCount} {listing}"));

            var load = Machine.Load();
            List<(double Ours, double? Theirs, double? Alone)> measured = [];
            for (var round = 1; round <= rounds; round++)
            {
                var (speed, sum) = Import(folder, few, $"round-{round}");
                var theirs = Peer(Environment.ProcessorCount, listing, sum);
                var alone = Peer(1, listing, sum);
                measured.Add((speed, theirs, alone));
                progress.WriteLine(FormattableString.Invariant($"Round {round} of {rounds}: {speed:0} images/s{(theirs is null ? "" : $", Pillow {theirs:0} in {Environment.ProcessorCount} processes, {alone:0} in one")}"));
            }
            var roundPeak = ImportApart(folder, few, "few").PeakMegabytes;
            Directory.Delete(few, recursive: true);

            progress.WriteLine(FormattableString.Invariant($"Writing {images:#,##0} pictures"));
            var many = Path.Combine(folder, "many");
            new SyntheticPictures(side).Write(many, images);
            var (seconds, wholePeak) = ImportApart(folder, many, "whole");
            return new()
            {
                Processor = Machine.Processor(),
                Cores = Environment.ProcessorCount,
                Load = load,
                Pillow = peer?.Version,
                Images = images,
                RoundImages = roundImages,
                Side = side,
                Rounds = rounds,
                BytesAnImage = bytes,
                ImportImagesPerSecond = Median.Of(measured.Select(one => (double?)one.Ours))!.Value,
                PillowImagesPerSecond = Median.Of(measured.Select(one => one.Theirs)),
                PillowOneProcessImagesPerSecond = Median.Of(measured.Select(one => one.Alone)),
                ImportPillowRatio = Median.Of(measured.Select(one => one.Ours / one.Theirs)),
                ImportPillowOneProcessRatio = Median.Of(measured.Select(one => one.Ours / one.Alone)),
                WholeImagesPerSecond = images / seconds,
                RoundPeakMegabytes = roundPeak,
                WholePeakMegabytes = wholePeak,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>All that the command does: table, plan, decoding, hashes, journal, files.</summary>
    private static (double ImagesPerSecond, long Sum) Import(string folder, string pictures, string name)
    {
        using var store = new DatasetStore(Path.Combine(folder, "datasets"));
        var start = Stopwatch.GetTimestamp();
        ImageImport.Run(store, NihImport.Plan(pictures, name, new(NegativesAPositive: null)), TimeProvider.System);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        var dataset = store.Open(name);
        long sum = 0;
        var count = 0;
        foreach (var split in (ImageSplit[])[dataset[SplitName.Train], dataset[SplitName.Test]])
        {
            count += split.Count;
            for (var index = 0; index < split.Count; index++)
            {
                foreach (var value in split.Pixels(index)) sum += value;
            }
        }
        return (count / seconds, sum);
    }

    /// <returns>Pictures a second.</returns>
    private double? Peer(int processes, string listing, long sum)
    {
        if (peer?.Ask(FormattableString.Invariant($"{processes} {listing}")).Split(' ') is not { Length: 2 } answer) return null;

        var theirs = long.Parse(answer[1], CultureInfo.InvariantCulture);
        double apart = Math.Abs(theirs - sum) / ((double)roundImages * DatasetManifest.Side * DatasetManifest.Side);
        if (apart > Close) throw new InvalidDataException(FormattableString.Invariant($"Pillow's pixels differ from the lab's by {apart:0.00} grey values on average."));
        return roundImages / double.Parse(answer[0], CultureInfo.InvariantCulture);
    }

    /// <summary>The command itself, in a process of its own: this one has drawn the pictures and looked at the results, which also takes memory.</summary>
    private static (double Seconds, double? PeakMegabytes) ImportApart(string folder, string pictures, string name)
    {
        string[] command = ["data", "import", "nih", pictures, "--name", name, "--negatives", "all", "--data-directory", folder];
        var program = Environment.ProcessPath!;
        // Started as "dotnet lab.dll", the program is dotnet.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") command = [Environment.GetCommandLineArgs()[0], .. command];
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, command) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        double? peak = null;
        while (!process.WaitForExit(20)) peak = Peak(process.Id) ?? peak;
        if (process.ExitCode != 0) throw new InvalidDataException($"The import of {pictures} ended with {process.ExitCode}.");
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, peak);
    }

    /// <returns>Most memory that a process ever held, in megabytes; null elsewhere than on Linux, or once it has ended.</returns>
    private static double? Peak(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
                ? double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024 : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
