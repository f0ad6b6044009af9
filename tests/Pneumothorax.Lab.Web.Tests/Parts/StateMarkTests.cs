using Bunit;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Parts;

public sealed class StateMarkTests : BunitContext
{
    [Fact]
    public void EveryState_HasAWordAndADrawingOfItsOwn()
    {
        var marks = Enum.GetValues<RunState>().Select(state => Render<StateMark>(mark => mark.Add(x => x.State, state))).ToList();

        Assert.Equal(marks.Count, marks.Select(mark => mark.Find(".state").TextContent.Trim()).Distinct().Count());
        Assert.All(marks, mark => Assert.NotEmpty(mark.Find("svg").InnerHtml));
    }
}
