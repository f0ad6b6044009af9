using System.CommandLine;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Cli.Commands;

internal static class DataAddCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = $"Name of the data set: {DatasetName.Rule}" };
        var train = new Option<string>("--train") { Required = true, HelpName = "FILE", Description = "HDF5 file to train on: image (N, 256, 256, 1) and label (N, 2); if it has mask (N, 256, 256, 1), 1 inside the pneumothorax and 0 outside, the masks are kept" };
        var test = new Option<string>("--test") { Required = true, HelpName = "FILE", Description = "HDF5 file for the final figures, in the same format; its masks are the truth that maps are scored against" };
        var validation = new Option<string?>("--validation")
        {
            HelpName = "FILE",
            Description = "HDF5 file to validate training on. Default: a fifth of the train images, by patient where patients are known",
        };
        var attributes = new Option<string?>("--attributes")
        {
            HelpName = "CSV",
            Description = "Table of what is known about the images: columns file, index, and any others (patient_id, projection, sex, age, source, ...). "
                + "Default: a labels.csv beside the train file, if it lists that file",
        };
        var resample = new Option<bool>("--resample") { Description = "Resize images of another size to 256 x 256 instead of refusing them" };
        var title = new Option<string?>("--title") { HelpName = "TEXT", Description = "Title in the portal. Default: the name" };
        var source = new Option<string?>("--source") { HelpName = "TEXT", Description = "Credit line. Default: from the attributes' source column" };
        var licence = CommonOptions.Licence("Default: from the attributes' licence column");
        var citation = CommonOptions.Citation("Default: none");
        var supervised = CommonOptions.Supervised();
        var dataDirectory = CommonOptions.DataDirectory();

        var command = new Command("add", "Registers a data set: reads and checks every image, then makes it visible at once.")
        {
            name, train, test, validation, attributes, resample, title, source, licence, citation, dataDirectory, supervised,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(() => AddAsync(
            new()
            {
                Name = parsed.GetRequiredValue(name),
                TrainFile = parsed.GetRequiredValue(train),
                TestFile = parsed.GetRequiredValue(test),
                ValidationFile = parsed.GetValue(validation),
                AttributesFile = parsed.GetValue(attributes),
                Resample = parsed.GetValue(resample),
                Title = DatasetDescription.Line(parsed.GetValue(title), "title"),
                Source = parsed.GetValue(source),
                Licence = DatasetDescription.Line(parsed.GetValue(licence), "licence"),
                Citation = DatasetDescription.Line(parsed.GetValue(citation), "citation"),
            },
            parsed.GetValue(dataDirectory), parsed.GetValue(supervised), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> AddAsync(RegistrationRequest request, string? dataDirectory, bool supervised, CancellationToken cancellationToken)
    {
        using var store = DataCommand.OpenStoreToWrite(dataDirectory);
        if (supervised)
        {
            using var portal = new SupervisedImport(cancellationToken);
            return SupervisedImport.Finish(DatasetRegistration.Register(store, request, TimeProvider.System, portal, portal.Token));
        }
        DatasetManifest manifest;
        using (var progress = new DataProgressLine(TimeProvider.System))
            manifest = DatasetRegistration.Register(store, request, TimeProvider.System, progress, cancellationToken);
        await DataCommand.PrintAsync(manifest, Path.Combine(store.Directory, manifest.Name));
        return 0;
    }
}
