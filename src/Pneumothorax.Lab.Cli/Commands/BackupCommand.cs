using System.CommandLine;
using System.Globalization;
using Pneumothorax.Lab.Backup;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.DataDirectories;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab backup</c> and <c>lab restore</c>: a whole lab in one file and back, the first while it is at work.</summary>
internal static class BackupCommand
{
    private const string ContentVariable = "Lab__ContentDirectory";

    public static Command CreateBackup()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write the backup, a ZIP file" };
        var withImages = new Option<bool>("--with-images") { Description = "Also save the images of the data sets, which are large" };
        var content = new Option<string?>("--content") { HelpName = "DIR", Description = $"The instructor's own chapters and models. Default: the setting {ContentVariable}, else none" };
        var dataDirectory = CommonOptions.DataDirectory();
        dataDirectory.Description = $"The lab's data directory. Default: the setting {LabPaths.Variable}, else the user's own data folder";
        var command = new Command("backup", $"Saves a whole lab, even while it is running. {LabDatabase.Setting} names its PostgreSQL database, if it has one.") { file, withImages, content, dataDirectory };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var chosen = parsed.GetValue(content) ?? Environment.GetEnvironmentVariable(ContentVariable);
            var backup = new LabBackup(LabPaths.Resolve(parsed.GetValue(dataDirectory)), Database(), TimeProvider.System);
            var saved = await backup.SaveAsync(parsed.GetRequiredValue(file), parsed.GetValue(withImages), string.IsNullOrEmpty(chosen) ? null : Path.GetFullPath(chosen), cancellationToken);
            Console.WriteLine($"Saved {Sum(saved)} in {parsed.GetRequiredValue(file)}. Anyone who has this file can open the class: keep it as safe as the instructor's token.");
            SayWhatIsMissing(saved);
            return 0;
        });
        return command;
    }

    public static Command CreateRestore()
    {
        var file = new Argument<string>("FILE") { Description = "File written by lab backup" };
        var dataDirectory = CommonOptions.DataDirectory();
        dataDirectory.Description = $"Where to restore the lab: a folder that is empty or does not exist. Default: the setting {LabPaths.Variable}, else the user's own data folder";
        var command = new Command("restore", "Restores a lab from a backup into an empty data directory.") { file, dataDirectory };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var paths = LabPaths.Resolve(parsed.GetValue(dataDirectory));
            RegularFile.Check(parsed.GetRequiredValue(file));
            DataDirectory.OpenToWrite(paths);
            var loaded = await new LabRestore(paths, Database()).LoadAsync(parsed.GetRequiredValue(file), cancellationToken);
            Console.WriteLine($"Restored {Sum(loaded)} of {loaded.MadeAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC to {paths.DataDirectory}. Start the portal on it: runs that were in progress will continue.");
            if (loaded.CleanedTexts > 0) Console.WriteLine($"  {(loaded.CleanedTexts == 1 ? "1 text" : $"{loaded.CleanedTexts} texts")} contained control characters or exceeded PostgreSQL's limits: cleaned, with U+FFFD in place of invalid characters");
            if (Directory.Exists(Path.Combine(paths.DataDirectory, "content"))) Console.WriteLine($"  content: set {ContentVariable} to {Path.Combine(paths.DataDirectory, "content")}");
            SayWhatIsMissing(loaded);
            return 0;
        });
        return command;
    }

    private static LabDatabase Database() => new(Environment.GetEnvironmentVariable(LabDatabase.Setting), "backup");

    private static string Sum(BackupManifest manifest) => string.Create(
        CultureInfo.InvariantCulture, $"{manifest.Runs} {(manifest.Runs == 1 ? "run" : "runs")}, {manifest.Files.Count} files, {manifest.Files.Sum(file => file.Bytes) / 1e6:0.0} MB");

    private static void SayWhatIsMissing(BackupManifest manifest)
    {
        foreach (var dataset in manifest.WithoutImages)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  not included: the images of \"{dataset.Name}\" ({dataset.Bytes / 1e6:0} MB); {(dataset.Name == "phantom" ? "a portal will draw them again" : "register them again under this name, or save with --with-images")}"));
        }
    }
}
