using System.CommandLine;
using System.Globalization;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Hdf5;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab data import nih</c> and <c>siim</c>: a public collection as it is downloaded, to a registered data set.</summary>
internal static class DataImportCommand
{
    private const string All = "all";

    private delegate ImportPlan Planner(string folder, string name, ImportChoice choice, string? title, IProgress<DataProgress> progress, CancellationToken cancellationToken);

    public static Command Create() => new("import", "Registers a public collection of X-rays in its download format.")
    {
        Create(
            "nih", "NIH ChestX-ray14", "Imports NIH ChestX-ray14, split by its own lists or by patient. An interrupted import continues where it stopped.",
            "Folder with Data_Entry_2017*.csv, the unpacked images*/ and, if available, BBox_List_2017.csv and the two lists",
            (folder, name, choice, title, _, _) => NihImport.Plan(folder, name, choice, title), hasLists: true),
        Create(
            "siim", "SIIM-ACR Pneumothorax", "Imports SIIM-ACR Pneumothorax with its masks, split by patient. An interrupted import continues where it stopped. Needs DCMTK.",
            "Folder with stage_2_train.csv or train-rle.csv, and the DICOM files in any subfolders",
            SiimImport.Plan),
    };

    private static Command Create(string word, string collection, string description, string where, Planner planner, bool hasLists = false)
    {
        var folder = new Argument<string>("FOLDER") { Description = where };
        var name = new Option<string>("--name") { Required = true, HelpName = "NAME", Description = $"Name of the data set: {DatasetName.Rule}" };
        var negatives = new Option<string>("--negatives")
        {
            HelpName = "N|all",
            Description = "Images without a pneumothorax for each image with one",
            DefaultValueFactory = _ => "3",
        };
        var seed = new Option<int>("--seed") { HelpName = "S", Description = "Selects which of them; the same seed gives the same images", DefaultValueFactory = _ => 1 };
        var title = new Option<string?>("--title") { HelpName = "TEXT", Description = $"Title in the portal. Default: {collection}" };
        var byPatient = new Option<bool>("--by-patient") { Description = "Split by patient, even if the collection's own lists are in the folder" };
        var licence = CommonOptions.Licence("Default: the licence of the collection");
        var citation = CommonOptions.Citation("Default: the collection's own paper");
        var hdf5 = new Option<string?>("--hdf5") { HelpName = "DIR", Description = "Also write the two HDF5 files of the exercise there, for h5py" };
        var dataDirectory = CommonOptions.DataDirectory();
        var supervised = CommonOptions.Supervised();
        var command = new Command(word, description) { folder, name, negatives, seed, title, licence, citation, hdf5, dataDirectory, supervised };
        if (hasLists) command.Options.Add(byPatient);
        command.SetAction((parsed, cancellationToken) => Task.Run(async () =>
        {
            var choice = new ImportChoice(Ratio(parsed.GetValue(negatives)!), parsed.GetValue(seed), hasLists && parsed.GetValue(byPatient));
            DatasetName.Check(parsed.GetRequiredValue(name));
            var terms = (Licence: DatasetDescription.Line(parsed.GetValue(licence), "licence"), Citation: DatasetDescription.Line(parsed.GetValue(citation), "citation"));
            // First of all: reading the tables can take minutes.
            using var store = DataCommand.OpenStoreToWrite(parsed.GetValue(dataDirectory));
            using var portal = parsed.GetValue(supervised) ? new SupervisedImport(cancellationToken) : null;
            portal?.Report(new("Reading the tables", 0));
            ImportPlan plan;
            using (var line = new DataProgressLine(TimeProvider.System))
                plan = planner(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(name), choice, parsed.GetValue(title), portal is null ? line : portal, portal?.Token ?? cancellationToken);
            plan = plan with { Licence = terms.Licence ?? plan.Licence, Citation = terms.Citation ?? plan.Citation };
            return portal is null
                ? await ImportAsync(store, plan, parsed.GetValue(hdf5), cancellationToken)
                : SupervisedImport.Finish(ImageImport.Run(store, plan, TimeProvider.System, portal, portal.Token));
        }, cancellationToken));
        return command;
    }

    private static async Task<int> ImportAsync(DatasetStore store, ImportPlan plan, string? hdf5, CancellationToken cancellationToken)
    {
        ImportResult result;
        using (var progress = new DataProgressLine(TimeProvider.System)) result = ImageImport.Run(store, plan, TimeProvider.System, progress, cancellationToken);
        if (result.Resumed > 0) await Console.Out.WriteLineAsync($"Continued after the {result.Resumed} images of an interrupted import.");
        await DataCommand.PrintAsync(result.Manifest, Path.Combine(store.Directory, plan.Name));
        if (result.Problems.Count > 0) await Console.Out.WriteLineAsync($"  report: {result.ReportPath}");
        if (hdf5 is null) return 0;

        using (var progress = new DataProgressLine(TimeProvider.System))
        {
            foreach (var file in Hdf5Export.Write(store.Open(plan.Name), hdf5, progress, cancellationToken))
                await Console.Out.WriteLineAsync($"  wrote {file}");
        }
        return 0;
    }

    private static double? Ratio(string text) =>
        text == All ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) ? ratio
        : throw new ArgumentException($"--negatives must be a number or {All}, not \"{text}\".");
}
