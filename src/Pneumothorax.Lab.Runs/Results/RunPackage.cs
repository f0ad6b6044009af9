using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Results;

/// <summary>One run as a ZIP that is of use without the portal: unpack it, open the notebook, run it.</summary>
public sealed class RunPackage(RunStore store, Evaluations evaluations, DatasetStore datasets, ContentDirectory content)
{
    public const string NotebookType = "application/x-ipynb+json";

    private const string ReadMe = """
        One run of the Pneumothorax Lab. Teaching only, not for diagnosis.

        evaluation.ipynb  recomputes the figures and builds class activation maps by hand: jupyter notebook evaluation.ipynb
                          (Python with numpy, h5py and scikit-learn; matplotlib draws the pictures)
        evaluation.h5     label, logit, probability and maps of every test image; missing until the run is evaluated
        figures.json      the figures shown in the portal
        images/N.png      the X-rays whose feature maps are in evaluation.h5, by their number in the test set
        metrics.jsonl     every point of every curve
        run.json          settings, seed, hash of the data and versions: everything needed to repeat the run

        """;

    /// <returns>Null where the content folder lacks it.</returns>
    public string? NotebookPath => Path.Combine(content.Path, "notebooks", "evaluation.ipynb") is var path && File.Exists(path) ? path : null;

    /// <returns>The archive, ready to be read; closing it deletes it. A file, for ZIP entries are closed synchronously, which a response refuses.</returns>
    /// <exception cref="InvalidDataException">The run's evaluation is damaged; the message names it.</exception>
    public async Task<Stream> PackAsync(Run run, CancellationToken cancellationToken)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"lab-{Guid.NewGuid():N}.zip"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            await WriteAsync(run, file, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <returns>What stands under the images wherever they are shown; nothing where their data set is gone.</returns>
    private string Credit(Run run) => datasets.Find(run.Dataset) is { } set ? $"\nThe images are of {set.Title}. {set.CreditLine}\n" : "";

    private async Task WriteAsync(Run run, Stream stream, CancellationToken cancellationToken)
    {
        var folder = store.FolderOf(run);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (var readMe = new StreamWriter(zip.CreateEntry("README.txt").Open())) await readMe.WriteAsync((ReadMe + Credit(run)).AsMemory(), cancellationToken);
        if (NotebookPath is { } notebook) await CopyAsync(notebook, CompressionLevel.Fastest);
        await CopyAsync(folder.SpecPath, CompressionLevel.Fastest);
        await CopyAsync(folder.MetricsPath, CompressionLevel.Fastest);
        if (evaluations.Find(run) is not { } evaluation) return;

        // Floats of a network hardly shrink, and take long over it.
        await CopyAsync(folder.EvaluationPath, CompressionLevel.NoCompression);
        await using (var figures = zip.CreateEntry("figures.json").Open())
            await JsonSerializer.SerializeAsync(figures, EvaluationJson.Of(run, evaluation), LabJson.Document, cancellationToken);
        if (EvaluatedImages.Find(datasets, evaluation.File).Test is not { } images) return;
        foreach (var index in evaluation.File.FeatureIndex)
        {
            await using var picture = zip.CreateEntry(string.Create(CultureInfo.InvariantCulture, $"images/{index}.png"), CompressionLevel.NoCompression).Open();
            await picture.WriteAsync(ImageCodec.GreyPng(images.Pixels(index), DatasetManifest.Side, DatasetManifest.Side), cancellationToken);
        }

        async Task CopyAsync(string path, CompressionLevel level)
        {
            // One that trains is being written to; the reference brings no more than it needs.
            if (!File.Exists(path)) return;
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var entry = zip.CreateEntry(Path.GetFileName(path), level).Open();
            await file.CopyToAsync(entry, cancellationToken);
        }
    }
}
