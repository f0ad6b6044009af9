using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>Every feature map times what its target, a logit or the log-odds, loses without it. Source: Desai and Ramaswamy, WACV 2020, not divided by the logit.</summary>
public sealed class AblationCam : IExplanationMethod
{
    public string Word => "ablation-cam";
    public string Title => "Ablation-CAM";
    public string Unit => "logit units, squared";
    public string Lesson => "Switches off one channel after another and measures how the answer changes. A channel that is hardly active in this image counts little, however large its weight. Where this map differs from the CAM, many small contributions had added up.";

    public float[] Map(LastBlock block, MapTarget target)
    {
        var whole = block.Logit(target);
        return LastBlock.PositivePart(block.Weigh(channel => whole - block.Logit(target, without: channel)));
    }
}
