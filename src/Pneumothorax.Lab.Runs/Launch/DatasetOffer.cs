using System.Globalization;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Runs.Launch;

/// <summary>A data set as the launch form offers it.</summary>
/// <param name="Train">Images for gradient steps: without those that were held out for validation.</param>
public sealed record DatasetOffer(DatasetManifest Manifest, int Train, int Validation, int Test)
{
    public int Images => Train + Validation + Test;

    /// <summary>"1,600 to train on, 400 to choose by, 400 to test with; 15 in 100 of those have a pneumothorax."</summary>
    public string Says
    {
        get
        {
            var counts = string.Join(", ",
                from part in ((int Count, string Use)[])[(Train, "to train on"), (Validation, "to choose on"), (Test, "to test with")]
                where part.Count > 0
                select $"{DisplayText.Number(part.Count)} {part.Use}");
            var positives = Test > 0
                ? string.Create(CultureInfo.InvariantCulture, $"; {100.0 * Manifest[SplitName.Test]!.Positives / Test:0} in 100 of those have a pneumothorax")
                : "";
            var drawn = Manifest.Synthetic ? " Drawn by the lab, not X-rays of people, so a result says nothing about patients." : "";
            return $"{counts}{positives}.{drawn}";
        }
    }

    /// <returns>Those of the offered data sets that can be opened, in their order.</returns>
    public static IReadOnlyList<DatasetOffer> All(DatasetStore datasets, IEnumerable<DatasetManifest> offered)
    {
        var offers = new List<DatasetOffer>();
        foreach (var manifest in offered)
        {
            try
            {
                var train = datasets.Open(manifest.Name)[SplitName.Train].TrainingRows.Count;
                offers.Add(new(manifest, train, manifest[SplitName.Validation]?.Images ?? 0, manifest[SplitName.Test]?.Images ?? 0));
            }
            catch (InvalidDataException)
            {
                // Damaged or just removed: nobody can train on it, and the page of the images says why.
            }
        }
        return offers;
    }
}
