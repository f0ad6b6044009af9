using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Recordings;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Recordings;

public sealed class RecordedMapsPictureTests : BunitContext
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-recorded-maps-");

    public RecordedMapsPictureTests() => JSInterop.SetupVoid("lab.address", _ => true).SetVoidResult();

    [Fact]
    public async Task Maps_OfBothClasses_AreSwitched_AndTheAddressSaysSo()
    {
        var picture = await ShowAsync(Difference(has: [4, 1, 1, 1]));
        Assert.Contains("highest 2.0", Row(picture), StringComparison.Ordinal);
        Assert.Contains("Evidence for HAS rather than DOES NOT have", picture.Markup, StringComparison.Ordinal);

        picture.FindAll(".which input")[1].Change("on");

        Assert.Contains("highest 4.0", Row(picture), StringComparison.Ordinal);
        Assert.Contains("Evidence for HAS in four images", picture.Markup, StringComparison.Ordinal);
        Assert.Contains("4.0 logit units", picture.Markup, StringComparison.Ordinal);
        Assert.Contains("class = 1 ", JSInterop.Invocations["lab.address"][^1].Arguments[0]!.ToString(), StringComparison.Ordinal);

        picture.FindAll(".which input")[0].Change("on");
        Assert.Contains("class =  ", JSInterop.Invocations["lab.address"][^1].Arguments[0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maps_OpenedByAnAddress_AreOfTheClassThatItNames()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/runs/18?class=0");

        var picture = await ShowAsync(Difference(has: [4, 1, 1, 1]));

        Assert.Contains("highest 3.0", Row(picture), StringComparison.Ordinal);
        Assert.Contains("Evidence for DOES NOT have in four images", picture.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MapTarget.Pneumothorax, "Only the map of HAS can be shown")]
    [InlineData(MapTarget.Difference, "Only the difference map can be shown")]
    public async Task Maps_OfOneKindOnly_SayWhichAndWhy(MapTarget target, string sentence)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/runs/18?class=0");

        var picture = await ShowAsync(new RecordedMaps("validation", 2, [new(3, 0.5, [2, 0, 0, -2])], target));

        Assert.Empty(picture.FindAll(".which input"));
        Assert.Contains(sentence, picture.Find(".which").TextContent, StringComparison.Ordinal);
        Assert.Contains("this run kept no other", picture.Find(".which").TextContent, StringComparison.Ordinal);
        Assert.Contains("highest 2.0", Row(picture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maps_OfARunThatKeptMoreLater_SayAtWhichStepTheyAreFew()
    {
        var picture = await ShowAsync(Difference(has: null), Difference(has: [4, 1, 1, 1]));
        picture.FindAll(".which input")[1].Change("on");
        Assert.DoesNotContain("kept only", picture.Find(".which").TextContent, StringComparison.Ordinal);

        picture.Find(".dial-number").Change("0");

        Assert.Contains("At this step the run kept only the difference map.", picture.Find(".which").TextContent, StringComparison.Ordinal);
        Assert.Contains("Evidence for HAS rather than DOES NOT have", picture.Markup, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _folder.Delete(recursive: true);
    }

    private static string Row(IRenderedComponent<RecordedMapsPicture> picture) => picture.FindAll("tbody tr")[^1].TextContent;

    /// <summary>Highest 2; of the single classes as given, and 3 from there for DOES NOT have.</summary>
    private static RecordedMaps Difference(float[]? has) => new("validation", 2, [new(3, 0.5, [2, 0, 0, -2], has)], MapTarget.Difference);

    private async Task<IRenderedComponent<RecordedMapsPicture>> ShowAsync(params RecordedMaps[] moments)
    {
        var folder = new RunFolder(_folder.FullName);
        await File.WriteAllTextAsync(folder.RecordingsPath, string.Concat(moments.Select((maps, step) => new RecordedMoment { Step = step, Maps = maps }.Line())), Xunit.TestContext.Current.CancellationToken);
        var recording = new RunRecording(folder);
        await recording.RefreshAsync(Xunit.TestContext.Current.CancellationToken);
        return Render<RecordedMapsPicture>(parameters => parameters.Add(picture => picture.RunId, 18).Add(picture => picture.Recording, recording));
    }
}
