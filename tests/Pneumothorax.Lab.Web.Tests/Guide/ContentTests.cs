using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Guide;

/// <summary>The chapters that ship with the lab.</summary>
public sealed class ContentTests
{
    private static readonly ChapterLibrary s_library = new(new ContentDirectory(Path.Combine(Root(), "content")));

    [Fact]
    public void Chapters_AsShipped_AreTenWithoutAFault()
    {
        Assert.Equal(Enumerable.Range(1, 10), s_library.Chapters.Select(chapter => chapter.Number));
        Assert.Empty(s_library.Chapters.SelectMany(chapter => chapter.Parts).OfType<FaultPart>());
    }

    [Fact]
    public void Chapters_EditedFile_ShowsOnTheNextLook()
    {
        var folder = Directory.CreateTempSubdirectory("lab-content-");
        try
        {
            var file = Path.Combine(folder.CreateSubdirectory("chapters").FullName, "01-start.md");
            File.WriteAllText(file, "---\ntitle: Before\nlead: A lead.\nminutes: 1\n---\nText.\n");
            var library = new ChapterLibrary(new ContentDirectory(folder.FullName));
            Assert.Equal("Before", Assert.Single(library.Chapters).Title);

            File.WriteAllText(file, "---\ntitle: Afterwards\nlead: A lead.\nminutes: 1\n---\nText.\n");

            Assert.Equal("Afterwards", library.Find("start")?.Title);
        }
        finally { folder.Delete(recursive: true); }
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pneumothorax.Lab.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
