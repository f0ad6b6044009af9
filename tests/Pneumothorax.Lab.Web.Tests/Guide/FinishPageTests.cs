using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Tests.Tasks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Guide.Finish;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Training;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Guide;

/// <summary>The end of the guide: open items first, then a certificate with what this student measured.</summary>
public sealed class FinishPageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenItems_AreLinked_AndTheLastOneBringsTheCertificate()
    {
        await using var lab = await PageLab.OpenAsync();
        var folder = Directory.CreateDirectory(Path.Combine(lab.Directory, "content", "chapters")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "01-the-end.md"), """
            ---
            title: The end
            lead: A lead.
            minutes: 1
            ---
            :::task name=parameters
            :::

            :::question id=failures title="Are they reasonable?"
            Find some.
            :::

            """, Token);
        var member = lab.Student.MemberId!.Value;
        await lab.Services.GetRequiredService<AttemptStore>().AddAsync(member, "parameters", "1664", "network lab", isCorrect: true, Token);
        await lab.Services.GetRequiredService<AnswerStore>().SaveAsync(member, "failures", "x", 0, Token);

        var before = lab.Render<FinishPage>();
        before.WaitForAssertion(() => Assert.Equal("/guide/the-end#question-failures", before.Find(".open a").GetAttribute("href")), s_patience);
        Assert.Equal("1 of 2 done", before.Find("h1").TextContent.Trim());

        await lab.Services.GetRequiredService<AnswerStore>().SaveAsync(member, "failures", "Image 12 is missed, and its map is dark in the lung.", 1, Token);
        await lab.Services.GetRequiredService<PinStore>().AddAsync(member, "failures", "/runs/1/explanation?index=12", "Test image 12", null, "", Token);
        var run = await lab.LaunchAsync();
        await lab.EndAsync(run, RunState.Completed);
        TaskSheets.Evaluated.Write(lab.Store.FolderOf(run).EvaluationPath);

        var page = lab.Render<FinishPage>();
        page.WaitForAssertion(() => Assert.Equal("Mira", page.Find("h1").TextContent.Trim()), s_patience);
        Assert.Contains("1 of 1", page.Markup, StringComparison.Ordinal);
        Assert.Equal($"/runs/{run.Id}/evaluation", page.Find("dd a").GetAttribute("href"));
        Assert.Contains("not for diagnosis", page.Markup, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("[data-print]"));
    }
}
