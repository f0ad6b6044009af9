using Pneumothorax.Lab.Classroom.Guide;

namespace Pneumothorax.Lab.Classroom.Tests.Guide;

public sealed class ChapterReaderTests
{
    private const string Head = "---\ntitle: The data\nlead: Two files.\nminutes: 15\n---\n";
    private static readonly ChapterReader s_reader = new(Glossary.Read("# Glossary\n\n## one-hot label\nA row of zeros with a single 1.\n"));

    private static Chapter Read(string body) => s_reader.Read("chapters/02-the-data.md", Head + body);

    [Fact]
    public void Read_FrontMatterAndHeadings_NameChapterAndSections()
    {
        var chapter = Read("\n## Two files\nText.\n\n## One image at a time\nMore.\n");

        Assert.Equal((2, "the-data", "The data", "Two files.", 15), (chapter.Number, chapter.Slug, chapter.Title, chapter.Lead, chapter.Minutes));
        Assert.Equal([new("two-files", "Two files"), new("one-image-at-a-time", "One image at a time")], chapter.Sections);
    }

    [Fact]
    public void Read_LivePart_StandsBetweenTheTextAroundIt()
    {
        var parts = Read("Before.\n\n:::viewer split=train index=45\n:::\n\nAfter.\n").Parts;

        Assert.Collection(parts,
            part => Assert.Contains("Before.", Assert.IsType<ProsePart>(part).Html, StringComparison.Ordinal),
            part =>
            {
                var live = Assert.IsType<LivePart>(part);
                Assert.Equal((LiveKind.Viewer, "train", "45"), (live.Kind, live["split"], live["index"]));
            },
            part => Assert.Contains("After.", Assert.IsType<ProsePart>(part).Html, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(":::viewr split=train\n:::", "There is no \"viewr\". The live parts are: note, notebook, viewer, wall, splits, start-run, network, convolution, cost, valley, latest-run, recorded-maps, distributions, model-card, model-link, threshold, doubt, cam-sum, enlargement, cam-colours, task, question.")]
    [InlineData(":::viewer spilt=train\n:::", ":::viewer has no \"spilt\". It takes dataset, split, index, label.")]
    [InlineData(":::viewer split=training\n:::", "split of :::viewer is one of train, validation, test, not \"training\".")]
    [InlineData(":::viewer index=-1\n:::", "index of :::viewer is a whole number from 0, not \"-1\".")]
    [InlineData(":::viewer train\n:::", ":::viewer is followed by \"train\", which does not have the form name=value.")]
    [InlineData(":::viewer split=train\n\nAnd on it goes.", ":::viewer is not closed. End it with a line of three colons.")]
    [InlineData(":::task\n:::", ":::task needs name=...")]
    [InlineData(":::question id=failures\nWhich?\n:::", ":::question needs title=...")]
    [InlineData(":::question id=\"Its failures\" title=Failures\nWhich?\n:::", "id of :::question is at most 60 small letters, digits and hyphens, not \"Its failures\".")]
    [InlineData(":::question id=empty title=Failures\n:::", ":::question has no text. Write it on the lines before the closing colons.")]
    [InlineData("See [this](term:nonsense).", "The glossary has no \"nonsense\".")]
    public void Read_AuthorsMistake_IsNamedWithFileAndLine(string mistake, string message)
    {
        var chapter = Read($"\nOne line.\n\n{mistake}\n");

        Assert.Equal(new FaultPart("chapters/02-the-data.md", 9, message), Assert.Single(chapter.Parts.OfType<FaultPart>()));
    }

    [Fact]
    public void Read_Question_StandsInTheOutlineBesideTheTasks()
    {
        var chapter = Read(":::task name=count-images\n:::\n\n:::question id=failures title=\"Are they reasonable?\"\nFind *some*.\n:::\n");

        var question = Assert.Single(CourseOutline.QuestionsOf([chapter]));
        Assert.Equal(("failures", "Are they reasonable?", "<p>Find <em>some</em>.</p>", "Question 2.1", "/guide/the-data#question-failures"), (question.Name, question.Title, question.Html, question.Label, question.Address));
        Assert.Equal("Task 2.1", Assert.Single(CourseOutline.TasksOf([chapter])).Label);
    }

    [Fact]
    public void Read_SameQuestionTwice_WouldShareOneAnswer_SoTheSecondIsAFault()
    {
        var reader = new ChapterReader(Glossary.Empty);
        const string Question = ":::question id=failures title=Failures\nWhich?\n:::\n";

        Assert.Empty(reader.Read("chapters/09-fails.md", Head + Question).Parts.OfType<FaultPart>());
        var fault = Assert.Single(reader.Read("chapters/10-improve.md", Head + Question).Parts.OfType<FaultPart>());

        Assert.Equal("The question id \"failures\" is already used in chapters/09-fails.md. Each question needs its own id.", fault.Message);
    }

    [Fact]
    public void Read_FrontMatterWithoutTitle_SaysSo()
    {
        var chapter = s_reader.Read("chapters/02-the-data.md", "---\nlead: Two files.\nminutes: 15\n---\nText.\n");

        Assert.Equal("The chapter has no title.", Assert.Single(chapter.Parts.OfType<FaultPart>()).Message);
    }

    [Fact]
    public void Read_Term_ShowsItsMeaning()
    {
        var html = Assert.IsType<ProsePart>(Assert.Single(Read("Its [label](term:one-hot-label).\n").Parts)).Html;

        Assert.Contains("A row of zeros with a single 1.", html, StringComparison.Ordinal);
        Assert.Contains("tabindex=\"0\">label<", html, StringComparison.Ordinal);
    }
}
