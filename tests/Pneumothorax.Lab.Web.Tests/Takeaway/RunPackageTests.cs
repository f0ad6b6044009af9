using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Api;

namespace Pneumothorax.Lab.Web.Tests.Takeaway;

/// <summary>What a student takes home of a run that the real <c>lab</c> trained, used as it would be there.</summary>
[Collection(TestPortal.Training)]
public sealed class RunPackageTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Runs a notebook in Jupyter's own kernel, cell by cell, and prints what its cells print; fails with the first cell that does.</summary>
    private const string Jupyter = """
        import sys, nbformat, nbclient
        notebook = nbformat.read(sys.argv[1], as_version=4)
        nbformat.validate(notebook)
        nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                if output.output_type == "stream" and output.name == "stdout": print(output.text)
                elif "image/png" in output.get("data", {}): print("[picture]")
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Notebook_RecomputesThePortalsAurocAndTheMapsFromTheFilesThatComeWithIt()
    {
        ProvideNotebook();
        using var instructor = portal.Instructor();
        var run = await TestPortal.LaunchAsync(instructor, steps: 6);
        await TestPortal.WaitForAsync(instructor, run, "Completed");
        var auroc = (await instructor.GetFromJsonAsync<JsonElement>($"/api/runs/{run}/evaluation", Token)).GetProperty("auroc").GetDouble();

        var home = Directory.CreateTempSubdirectory("lab-takeaway-").FullName;
        try
        {
            await using (var zip = new MemoryStream(await instructor.GetByteArrayAsync($"/api/runs/{run}/takeaway.zip", Token)))
                await ZipFile.ExtractToDirectoryAsync(zip, home, Token);
            Assert.Equal(
                (string[])["README.txt", "evaluation.h5", "evaluation.ipynb", "figures.json", "images", "metrics.jsonl", "run.json"],
                Directory.EnumerateFileSystemEntries(home).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            await using (var picture = File.OpenRead(Directory.EnumerateFiles(Path.Combine(home, "images")).First()))
                Assert.Equal((256, 256), ImageCodec.DecodeGrey(picture) is var (_, width, height) ? (width, height) : default);

            SkipWithoutJupyter();
            var (code, output, errors) = Execute(home, "-c", Jupyter, "evaluation.ipynb");

            Assert.True(code == 0, errors);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"the portal says {auroc:0.000000}"), output, StringComparison.Ordinal);
            Assert.Contains("Each map equals the one in the file, and its mean plus the bias is the logit.", output, StringComparison.Ordinal);
            Assert.Equal(2, output.Split("[picture]").Length - 1);

            // The checks in it can fail: another figure, or another map.
            File.WriteAllText(Path.Combine(home, "figures.json"), $$"""{"auroc":{{(auroc / 2).ToString("R", CultureInfo.InvariantCulture)}},"aurocLow":0,"aurocHigh":1}""");
            Assert.NotEqual(0, Execute(home, "-c", Jupyter, "evaluation.ipynb").Code);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public async Task WhatIsNotThere_IsLeftOutOrSaidInOneLine_AndOthersGetNothing()
    {
        using var instructor = portal.Instructor();
        var run = await TestPortal.LaunchAsync(instructor, steps: 100_000);
        try
        {
            await using var zip = await ZipArchive.CreateAsync(
                new MemoryStream(await instructor.GetByteArrayAsync($"/api/runs/{run}/takeaway.zip", Token)), ZipArchiveMode.Read, leaveOpen: false, null, Token);
            Assert.NotNull(zip.GetEntry("README.txt"));
            Assert.Null(zip.GetEntry("evaluation.h5"));
            await AccessTests.AssertProblemAsync(await instructor.GetAsync("/api/runs/9999/takeaway.zip", Token), HttpStatusCode.NotFound, "There is no run 9999.");

            using var other = await portal.StudentAsync("Not the owner");
            foreach (var file in (string[])["takeaway.zip", "notebook.ipynb"])
                Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/runs/{run}/{file}", Token)).StatusCode);
        }
        finally
        {
            await instructor.PostAsync($"/api/runs/{run}/cancel", null, Token);
        }
    }

    /// <summary>These portals have a content folder of their own, empty at first.</summary>
    private void ProvideNotebook()
    {
        var folder = Directory.CreateDirectory(Path.Combine(portal.DataDirectory, "content", "notebooks"));
        File.Copy(Path.Combine(Guide.ContentTests.Root(), "content", "notebooks", "evaluation.ipynb"), Path.Combine(folder.FullName, "evaluation.ipynb"), overwrite: true);
    }

    private static void SkipWithoutJupyter()
    {
        if (!File.Exists(Python) || Execute(".", "-c", "import nbclient, ipykernel, matplotlib, h5py, sklearn").Code != 0)
            Assert.Skip($"{Python} lacks nbclient, ipykernel, matplotlib, h5py or sklearn.");
    }

    private static (int Code, string Output, string Errors) Execute(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
