using Pneumothorax.Lab.Classroom.Tests.Tasks;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;

namespace Pneumothorax.Lab.Web.Tests.Guide.Pictures;

public sealed class GuideModelTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("changed", false)]
    public void Trained_DataSetThatHasItsNameByNow_IsTheOneThatItWasTrainedOnOrNone(string change, bool isSame)
    {
        var manifest = new DatasetManifest
        {
            Name = "sample",
            Title = "Sample",
            Source = "",
            Splits = [],
            ValidationRule = "",
            Hash = TaskSheets.Evaluated.Info.DataHash + change,
        };
        var model = TaskSheets.Model with { Images = new EvaluatedImages(manifest, null, null) };

        Assert.Equal(isSame ? manifest : null, model.Trained);
    }
}
