namespace Pneumothorax.Lab.Experiments.Explanations;

/// <summary>Every feature map times its weight in the dense layer. Source: Zhou et al., CVPR 2016.</summary>
public sealed class ClassActivationMap : IExplanationMethod
{
    public string Word => "cam";
    public string Title => "CAM";
    public string Unit => "logit units";
    public string Lesson => "The logit itself, spread over the places it comes from: the mean of the map plus the bias is the logit. Exact, but only where one dense layer follows the pooling.";

    public float[] Map(LastBlock block, int cls) => block.Weigh(channel => block.Weight(cls, channel));
}
