using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Viewing;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Guide.Questions;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pins;
using Pneumothorax.Lab.Web.Tests.Training;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Guide.Questions;

/// <summary>A question on the page with its evidence; what the box itself does is for the browser tests.</summary>
public sealed class StudentQuestionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly PinnedView s_view = new("/runs/3/explanation?index=12", "Test image 12, run 3: missed", "/api/runs/3/cam/12.png");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SavedElsewhere_IsHandedToTheBox_AndFillsTheRing()
    {
        await using var lab = await OpenAsync();
        var question = Show(lab);
        Assert.Equal("0", question.Find("lab-answer").GetAttribute("version"));
        Assert.Empty(question.FindAll(".solved"));

        await lab.Services.GetRequiredService<AnswerStore>().SaveAsync(lab.Student.MemberId!.Value, "failures", "From the laptop.", 0, Token);

        question.WaitForAssertion(() => Assert.Equal("From the laptop.", question.Find("lab-answer").GetAttribute("text")), s_patience);
        Assert.Equal("1", question.Find("lab-answer").GetAttribute("version"));
        Assert.Empty(question.FindAll(".solved"));
        Assert.Contains("a full sentence and at least one pinned view", question.Find(".missing").TextContent, StringComparison.Ordinal);

        await lab.Services.GetRequiredService<AnswerStore>().SaveAsync(lab.Student.MemberId!.Value, "failures", "Image 12 is missed, and its map is dark in the lung.", 1, Token);
        question.WaitForAssertion(() => Assert.Contains("at least one view is pinned", question.Find(".missing").TextContent, StringComparison.Ordinal), s_patience);
        Assert.Empty(question.FindAll(".solved"));

        await lab.Services.GetRequiredService<PinStore>().AddAsync(lab.Student.MemberId!.Value, "failures", s_view.Address, s_view.Title, s_view.Picture, "", Token);
        question.WaitForAssertion(() => Assert.NotEmpty(question.FindAll(".solved")), s_patience);
        Assert.Empty(question.FindAll(".missing"));
    }

    [Fact]
    public async Task Comment_AppearsWhileThePageIsOpen_OnlyWhereItBelongs()
    {
        await using var lab = await OpenAsync();
        var (question, other) = (Show(lab), Show(lab, "changes"));
        var store = lab.Services.GetRequiredService<AnswerStore>();
        var jonas = await lab.JoinAsync("Jonas");

        await store.CommentAsync(jonas.MemberId!.Value, "failures", "For Jonas.", new(null, "Instructor", true), Token);
        await store.CommentAsync(lab.Student.MemberId!.Value, "failures", "Look at the drain.", new(null, "Instructor", true), Token);

        question.WaitForAssertion(() => Assert.Contains("Look at the drain.", question.Find(".comment").TextContent, StringComparison.Ordinal), s_patience);
        Assert.DoesNotContain("For Jonas.", question.Markup, StringComparison.Ordinal);
        Assert.Empty(other.FindAll(".comment"));
    }

    [Fact]
    public async Task Pin_GoesUnderItsQuestion_ReopensItsView_AndCanBeMovedAndRemoved()
    {
        await using var lab = await OpenAsync();
        var (question, other, button) = (Show(lab), Show(lab, "changes"), lab.Render<PinButton>(parameters => parameters.Add(pin => pin.View, s_view)));

        button.Find("button").Click();
        button.WaitForElement("textarea", s_patience).Change("It looks at the drain.");
        button.Find("select").Change("failures");
        button.Find("form").Submit();

        button.WaitForAssertion(() => Assert.Equal("/guide/where-it-fails#question-failures", button.Find("[role=status] a").GetAttribute("href")), s_patience);
        question.WaitForAssertion(() => Assert.Equal(s_view.Address, question.Find(".pin a.title").GetAttribute("href")), s_patience);
        Assert.Equal("It looks at the drain.", question.Find(".pin .note").TextContent);
        Assert.Equal(s_view.Picture, question.Find(".pin img").GetAttribute("src"));

        question.Find(".pin .link-button").Click();
        question.Find(".pin select").Change("changes");
        question.Find(".pin textarea").Change("Less drain.");
        question.Find(".pin form").Submit();
        other.WaitForAssertion(() => Assert.Equal("Less drain.", other.Find(".pin .note").TextContent), s_patience);
        question.WaitForAssertion(() => Assert.Empty(question.FindAll(".pin")), s_patience);

        other.Find(".pin .link-button").Click();
        other.Find(".pin .danger").Click();
        other.WaitForAssertion(() => Assert.Empty(other.FindAll(".pin")), s_patience);
    }

    [Fact]
    public async Task PinOfAMap_CreditsTheImagesUnderIt_ButNotOfARunThatIsNotForThisReader()
    {
        await using var lab = await OpenAsync();
        DrawnPhantoms.CopyTo(lab.Services.GetRequiredService<DatasetStore>().Directory, "xray");
        var run = await lab.LaunchAsync();
        Pin PinOf(int run) => new() { Address = "/", Title = "", Picture = $"/api/runs/{run}/cam/12.png?class=1" };
        ShownSets shown = new(), none = new();

        lab.Render<PinCard>(card => card.Add(x => x.Pin, PinOf(run.Id)).AddCascadingValue(shown)).WaitForAssertion(() => Assert.Equal(run.Dataset, Assert.Single(shown.Sets).Name), s_patience);
        lab.SignIn(await lab.JoinAsync("Jonas"));
        lab.Render<PinCard>(card => card.Add(x => x.Pin, PinOf(run.Id)).AddCascadingValue(none));

        Assert.Empty(none.Sets);
    }

    [Fact]
    public async Task Pin_WhenAllPlacesAreTaken_SaysSo_AndKeepsTheNote()
    {
        await using var lab = await OpenAsync();
        var pins = lab.Services.GetRequiredService<PinStore>();
        for (var i = 0; i < Pin.MostPerMember; i++) await pins.AddAsync(lab.Student.MemberId!.Value, null, s_view.Address, s_view.Title, null, "", Token);
        var button = lab.Render<PinButton>(parameters => parameters.Add(pin => pin.View, s_view));

        button.Find("button").Click();
        button.WaitForElement("textarea", s_patience).Change("One more.");
        button.Find("form").Submit();

        button.WaitForAssertion(() => Assert.Equal("You already have 500 pins. Remove some first.", button.Find("[role=alert]").TextContent), s_patience);
        Assert.Equal("One more.", button.Find("textarea").GetAttribute("value"));
    }

    [Fact]
    public async Task PinsUnderAQuestionThatIsNoLongerAsked_StandOnThePageOfAllPins()
    {
        await using var lab = await OpenAsync();
        await lab.Services.GetRequiredService<PinStore>().AddAsync(lab.Student.MemberId!.Value, "no-longer-asked", s_view.Address, s_view.Title, null, "", Token);

        var page = lab.Render<PinsPage>();

        page.WaitForAssertion(() => Assert.Equal("Not attached to a question", page.Find("h2").TextContent.Trim()), s_patience);
        Assert.Contains(s_view.Title, page.Markup, StringComparison.Ordinal);
    }

    private static async Task<PageLab> OpenAsync()
    {
        var lab = await PageLab.OpenAsync();
        var folder = Directory.CreateDirectory(Path.Combine(lab.Directory, "content", "chapters")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "09-where-it-fails.md"), """
            ---
            title: Where it fails
            lead: A lead.
            minutes: 1
            ---
            :::question id=failures title="Are they reasonable?"
            Find some.
            :::

            :::question id=changes title="What would you change?"
            Say it.
            :::

            """, Token);
        return lab;
    }

    private static IRenderedComponent<StudentQuestion> Show(PageLab lab, string id = "failures")
    {
        var part = lab.Services.GetRequiredService<ChapterLibrary>().Chapters[0].Parts.OfType<LivePart>().Single(part => part["id"] == id);
        var question = lab.Render<StudentQuestion>(parameters => parameters.Add(x => x.Part, part));
        question.WaitForElement(".evidence", s_patience);
        return question;
    }
}
