using Pneumothorax.Lab.Classroom.Importing;
using Pneumothorax.Lab.Datasets.Tests.Importing;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Dataset.Importing;

public sealed class IncomingFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-incoming-").FullName;

    private string Root => Path.Combine(_folder, "incoming");

    private IncomingFolder Incoming => new(Root);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Look_TellsWhatCanBeImported_AndHowLargeItIs()
    {
        NihSample.Of(Path.Combine(Root, "downloads", "nih"), patients: 3);
        File.WriteAllBytes(Path.Combine(Root, "downloads", "lab.h5"), new byte[300]);
        File.WriteAllText(Path.Combine(Root, "notes.txt"), "12345");

        var found = Incoming.Look(TestContext.Current.CancellationToken).ToDictionary(item => item.Path);

        Assert.Equal(["downloads/lab.h5", "downloads/nih", "notes.txt"], found.Keys.Order());
        Assert.Equal((ImportKind.Hdf5, 300), (found["downloads/lab.h5"].Kind, found["downloads/lab.h5"].Bytes));
        Assert.Equal((null, 5), (found["notes.txt"].Kind, found["notes.txt"].Bytes));
        Assert.Equal(ImportKind.Nih, found["downloads/nih"].Kind);
        Assert.Equal(Directory.GetFiles(Path.Combine(Root, "downloads", "nih"), "*", SearchOption.AllDirectories).Length, found["downloads/nih"].Files);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("/etc")]
    [InlineData(".")]
    [InlineData("../incoming-of-others/a")]
    public void Resolve_PathOutOfTheFolder_IsRefused(string path)
    {
        Directory.CreateDirectory(Path.Combine(Root, "a"));
        Directory.CreateDirectory(Path.Combine(_folder, "secret"));
        Directory.CreateDirectory(Path.Combine(_folder, "incoming-of-others", "a"));

        var refusal = Assert.Throws<RequestRefusedException>(() => Incoming.Resolve(path));

        Assert.Equal($"\"{path}\" is not in the import folder.", refusal.Message);
        Assert.Equal(Path.Combine(Root, "a"), Incoming.Resolve("a"));
    }

    [Theory]
    [InlineData("link", "link is a link")]                     // the chosen folder itself
    [InlineData("link/inner", "link is a link")]               // on the way
    [InlineData("nih", "nih/images is a link")]                // in it
    public void Resolve_Link_IsRefused_WhereverItStands(string path, string says)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Links need a right there.");
        Directory.CreateDirectory(Path.Combine(_folder, "secret", "inner"));
        Directory.CreateDirectory(Path.Combine(Root, "nih"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "link"), Path.Combine(_folder, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "nih", "images"), Path.Combine(_folder, "secret"));

        var refusal = Assert.Throws<RequestRefusedException>(() => Incoming.Resolve(path));

        Assert.StartsWith(says, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["nih"], Incoming.Look(TestContext.Current.CancellationToken).Select(item => item.Path));
    }

    [Fact]
    public void Order_TextThatLooksLikeAnOption_StaysAText()
    {
        Directory.CreateDirectory(Path.Combine(Root, "nih"));

        var words = new ImportOrder { Kind = ImportKind.Nih, Name = "mine", Folder = "nih", Title = "--data-directory=/etc", Negatives = null }.Arguments(Incoming);

        Assert.Equal(["data", "import", "nih", Path.Combine(Root, "nih"), "--name=mine", "--negatives=all", "--seed=1", "--title=--data-directory=/etc"], words);
        Assert.Throws<RequestRefusedException>(() => new ImportOrder { Kind = ImportKind.Nih, Name = "@file", Folder = "nih" }.Arguments(Incoming));
        Assert.Throws<RequestRefusedException>(() => new ImportOrder { Kind = ImportKind.Nih, Name = "mine", Folder = "" }.Arguments(Incoming));
    }
}
