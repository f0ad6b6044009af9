using System.CommandLine;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary><c>lab bench import</c>: how fast pictures are imported, as a ratio to Pillow, and what memory that takes.</summary>
internal static class ImportBenchCommand
{
    public static Command Create()
    {
        var json = BenchOptions.Json();
        var python = BenchOptions.Python("Pillow");
        var images = new Option<int>("--images") { HelpName = "N", Description = "Pictures in the whole folder, 40 to 120,000; at the default size each takes 0.4 MB in the temporary folder", DefaultValueFactory = _ => 20_000 };
        var roundImages = new Option<int>("--round-images") { HelpName = "N", Description = "Pictures per round, 40 to 10,000", DefaultValueFactory = _ => 2000 };
        var side = new Option<int>("--side") { HelpName = "PIXELS", Description = "Side of a picture, 8 to 1024; small pictures show the cost of the table of a whole collection", DefaultValueFactory = _ => 1024 };
        var rounds = BenchOptions.Rounds();
        var command = new Command("import", "Measures the import of pictures against Pillow's open, convert and resize, in turn, and the memory for a whole folder.")
        {
            json, python, images, roundImages, side, rounds,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(images) is var count && count is < 40 or > 120_000) throw new ArgumentException($"--images is {count}; it must be from 40 to 120000.");
            if (parsed.GetValue(roundImages) is var few && few is < 40 or > 10_000) throw new ArgumentException($"--round-images is {few}; it must be from 40 to 10000.");
            if (parsed.GetValue(side) is var pixels && pixels is < 8 or > 1024) throw new ArgumentException($"--side is {pixels}; it must be from 8 to 1024.");
            var times = BenchOptions.Checked(parsed, rounds);

            using var peer = PythonPeer.Start(parsed.GetValue(python)!, "pillow_peer.py");
            if (peer is null) Console.Error.WriteLine("Pillow was not found, so there is no comparison.");
            BenchOptions.Write(parsed, json, new ImportBench(peer, count, few, pixels, times, Console.Error).Run(), Print);
        });
        return command;
    }

    private static void Print(ImportBenchResult result)
    {
        var load = result.Load is { } wanted ? FormattableString.Invariant($", load {wanted:0.0}") : "";
        Console.WriteLine(FormattableString.Invariant($"{result.Processor}, {result.Cores} cores{load}, Pillow {result.Pillow ?? "not found"}"));
        var beside = result is { PillowImagesPerSecond: { } speed, ImportPillowRatio: { } ratio, PillowOneProcessImagesPerSecond: { } alone, ImportPillowOneProcessRatio: { } aloneRatio }
            ? FormattableString.Invariant($", Pillow {speed:0} in {result.Cores} processes and {alone:0} in one: {ratio:0.00} and {aloneRatio:0.00} x Pillow") : "";
        Console.WriteLine(FormattableString.Invariant($"import {result.ImportImagesPerSecond:0} images/s of {result.Side} x {result.Side}{beside}"));
        Console.WriteLine(FormattableString.Invariant($"{result.Images:#,##0} pictures at once: {result.WholeImagesPerSecond:0} images/s; memory at most {result.WholePeakMegabytes:0} MB, {result.RoundPeakMegabytes:0} MB for {result.RoundImages:#,##0}"));
    }
}
