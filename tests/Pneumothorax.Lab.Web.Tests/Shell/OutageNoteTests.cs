using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shell;

namespace Pneumothorax.Lab.Web.Tests.Shell;

/// <summary>What stands in the place of an open page that met a full disk or a database that is away.</summary>
public sealed class OutageNoteTests : BunitContext
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutageNoteTests()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new DatabaseWatch(new LabDatabase(), TimeProvider.System));       // a file, which always answers
    }

    [Fact]
    public async Task DatabaseAway_IsSaid_AndThePageComesBackByItselfOnceItAnswers()
    {
        var note = Show(Outage.DatabaseAway);

        Assert.Contains("database does not answer at the moment", note.Markup, StringComparison.Ordinal);
        await _over.Task.WaitAsync(TimeSpan.FromSeconds(30), Xunit.TestContext.Current.CancellationToken);
    }

    [Fact]
    public void DiskFull_IsSaid_AndWaitsForAPerson()
    {
        var note = Show(Outage.DiskFull);

        Assert.Contains("disk is full, so this was not saved", note.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("by itself", note.Markup, StringComparison.Ordinal);
        note.Find("button").Click();
        Assert.True(_over.Task.IsCompleted);
    }

    private IRenderedComponent<OutageNote> Show(Outage outage) =>
        Render<OutageNote>(parameters => parameters.Add(note => note.Outage, outage).Add(note => note.OnOver, () => _over.TrySetResult()));
}
