using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>Every feature map times its weight in the dense layer. Source: Zhou et al., CVPR 2016.</summary>
public sealed class ClassActivationMap : IExplanationMethod
{
    public string Word => "cam";
    public string Title => "CAM";
    public string Unit => "logit units";
    public string Lesson => "The answer itself, divided over the places it comes from: the mean of a class’s map plus its bias is its logit, and the mean of the difference map plus the difference of the biases is the log-odds. It is exact, but only for networks with a single dense layer after the pooling.";

    public float[] Map(LastBlock block, MapTarget target) => block.Weigh(channel => block.Weight(target, channel));
}
