using FsCheck.Xunit;
using Pneumothorax.Lab.Learning.Networks;

namespace Pneumothorax.Lab.Learning.Tests.Networks;

public sealed class SoftmaxTests
{
    [Property]
    public bool Probabilities_AnyLogits_AddUpToOneAndGiveTheLoss(short no, short yes)
    {
        var (a, b) = (no / 1000f, yes / 1000f);
        var (pNo, pYes) = Softmax.Probabilities(a, b);
        return Math.Abs(pNo + pYes - 1) < 1e-12
            && Math.Abs(Softmax.Loss(a, b, 1) + Math.Log(pYes)) < 1e-9
            && Math.Abs(Softmax.Loss(a, b, 0) + Math.Log(pNo)) < 1e-9;
    }

    [Fact]
    public void Loss_VerySureAndWrong_StaysFinite() => Assert.Equal(2000, Softmax.Loss(1000, -1000, label: 1), 1e-9);
}
