using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Help;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>Which project may use which, read from what the compiler wrote: an unused project reference does not count.</summary>
public sealed class ModuleTests
{
    private const string Prefix = "Pneumothorax.Lab.";

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Experiments"] = [],
        ["Datasets"] = ["Experiments"],
        ["Evaluation"] = ["Datasets", "Experiments"],
        ["Learning"] = ["Datasets", "Evaluation", "Experiments"],
        ["Storage"] = ["Experiments"],
        ["Runs"] = ["Datasets", "Evaluation", "Experiments", "Storage"],
        ["Backup"] = ["Experiments", "Runs", "Storage"],
        ["Classroom"] = ["Datasets", "Evaluation", "Experiments", "Runs", "Storage"],
        ["Cli"] = ["Backup", "Classroom", "Datasets", "Evaluation", "Experiments", "Learning", "Runs", "Storage"],
        ["Web"] = ["Backup", "Classroom", "Datasets", "Evaluation", "Experiments", "Runs", "Storage"],
    };

    [Fact]
    public void EveryProject_HasItsPlace() =>
        Assert.Equal(s_mayUse.Keys.Order(), Directory.EnumerateDirectories(Path.Combine(HandbookFiles.Root, "src")).Select(folder => Path.GetFileName(folder)[Prefix.Length..]).Order());

    [Theory]
    [InlineData("Experiments")]
    [InlineData("Datasets")]
    [InlineData("Evaluation")]
    [InlineData("Learning")]
    [InlineData("Storage")]
    [InlineData("Runs")]
    [InlineData("Backup")]
    [InlineData("Classroom")]
    [InlineData("Cli")]
    [InlineData("Web")]
    public void Project_UsesOnlyWhatItMay(string project)
    {
        var used = References(AssemblyOf(project)).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]);

        Assert.Empty(used.Except(s_mayUse[project]));
    }

    /// <summary>Half a gigabyte that a portal must never load.</summary>
    [Fact]
    public void OnlyLearningAndTheProgramLab_KnowTorch() => Assert.Equal(
        ["Learning"],
        s_mayUse.Keys.Where(project => project != "Cli" && References(AssemblyOf(project)).Contains("TorchSharp")));

    private static string AssemblyOf(string project)
    {
        // Tests, portal and libraries are built together, in one configuration.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var name = project == "Cli" ? "lab.dll" : $"{Prefix}{project}.dll";
        return Path.Combine(HandbookFiles.Root, "src", Prefix + project, "bin", output.Parent!.Name, output.Name, name);
    }

    private static IReadOnlyList<string> References(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
