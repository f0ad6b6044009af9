using System.Text.Json;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Parts;

public sealed class ChartSpecTests
{
    [Fact]
    public void Series_WithNumbersThatAreNone_TravelsWithGaps()
    {
        var series = new ChartSeries("train/loss", "training") { X = [1, 2, 3], Y = [0.7, double.NaN, double.PositiveInfinity] };

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(series, JsonSerializerOptions.Web));

        Assert.Equal("[0.7,null,null]", json.RootElement.GetProperty("y").GetRawText());
    }
}
