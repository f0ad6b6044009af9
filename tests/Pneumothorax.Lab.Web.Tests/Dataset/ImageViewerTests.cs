using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Web;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Data.Phantoms;
using Pneumothorax.Lab.Web.Dataset;
using Pneumothorax.Lab.Web.Guide.Questions;

namespace Pneumothorax.Lab.Web.Tests.Dataset;

public sealed class ImageViewerTests : BunitContext, IClassFixture<ImageViewerTests.Phantoms>
{
    private readonly Data.Dataset _set;

    public ImageViewerTests(Phantoms phantoms)
    {
        _set = phantoms.Set;
        ComponentFactories.AddStub<PinButton>();        // it needs the class's database
        JSInterop.SetupVoid("lab.address", _ => true).SetVoidResult();
    }

    private IRenderedComponent<ImageViewer> Viewer(int index = 0, LabelFilter label = LabelFilter.All) =>
        Render<ImageViewer>(viewer => viewer.Add(v => v.Set, _set).Add(v => v.Index, index).Add(v => v.Label, label));

    private int FirstPositive => Enumerable.Range(0, _set[SplitName.Train].Count).First(_set[SplitName.Train].HasPneumothorax);

    private static string Picture(IRenderedComponent<ImageViewer> viewer) => viewer.Find(".film img").GetAttribute("src")!;

    [Fact]
    public void Image_Shown_SaysItsLabelInWordsAndAsTheFileStoresIt()
    {
        var viewer = Viewer(FirstPositive);

        Assert.Equal("HAS pneumothorax", viewer.Find(".answer").TextContent);
        Assert.Equal("[0, 1]", viewer.Find(".label-row code").TextContent);
        Assert.Equal($"/api/datasets/phantoms/train/{FirstPositive}.png", Picture(viewer));
    }

    [Fact]
    public void Keys_OnTheFilm_GoThroughTheImagesAndWriteTheAddress()
    {
        var viewer = Viewer(3);
        viewer.Find(".film-side").KeyDown(new KeyboardEventArgs { Key = "ArrowRight" });
        viewer.Find(".film-side").KeyDown(new KeyboardEventArgs { Key = "PageUp" });

        Assert.Equal("/api/datasets/phantoms/train/14.png", Picture(viewer));
        Assert.Contains("index = 14", JSInterop.Invocations["lab.address"][^1].Arguments[0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Filter_HasOnly_StepsFromOnePositiveToTheNext()
    {
        var train = _set[SplitName.Train];
        var second = Enumerable.Range(FirstPositive + 1, train.Count - FirstPositive - 1).First(train.HasPneumothorax);
        var viewer = Viewer(FirstPositive, LabelFilter.Has);

        viewer.Find("button[aria-label='INDEX: more']").Click();

        Assert.Equal($"/api/datasets/phantoms/train/{second}.png", Picture(viewer));
    }

    [Fact]
    public void Pin_NamesTheImageOnScreen_ButNotALabelThatIsStillToBeGuessed()
    {
        var viewer = Viewer(FirstPositive);
        PinnedView Seen() => viewer.FindComponent<Stub<PinButton>>().Instance.Parameters.Get(pin => pin.View);
        Assert.Equal($"/data/phantoms?split=train&index={FirstPositive}", Seen().Address);
        Assert.Contains($"Training image {FirstPositive}, HAS pneumothorax", Seen().Title, StringComparison.Ordinal);
        Assert.EndsWith("synthetic", Seen().Title, StringComparison.Ordinal);

        viewer.Find("input[role=switch]").Change(true);

        Assert.DoesNotContain("HAS", Seen().Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Guessing_UntilAnswered_KeepsTheLabelToItself()
    {
        var viewer = Viewer(FirstPositive);
        viewer.Find("input[role=switch]").Change(true);
        Assert.DoesNotContain("HAS pneumothorax", viewer.Markup, StringComparison.Ordinal);

        viewer.Find(".guess button").Click();

        Assert.Equal("HAS pneumothorax", viewer.Find(".answer").TextContent);
        Assert.Contains("1 of 1 right so far.", viewer.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_BeyondTheSplit_ShowsItsLastImage()
    {
        var viewer = Viewer(9999);
        Assert.Equal($"/api/datasets/phantoms/train/{_set[SplitName.Train].Count - 1}.png", Picture(viewer));
    }

    public sealed class Phantoms : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-viewer-");
        private readonly DatasetStore _store;

        public Phantoms()
        {
            _store = new(_folder.FullName);
            PhantomGenerator.Generate(_store, "phantoms", PhantomGenerator.LeastImages, seed: 1, cancellationToken: Xunit.TestContext.Current.CancellationToken);
            Set = _store.Open("phantoms");
        }

        public Data.Dataset Set { get; }

        public void Dispose()
        {
            _store.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
